package org.mesohub.forward;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.WorkerExecutor;
import io.vertx.grpc.client.GrpcClientRequest;
import io.vertx.grpc.client.GrpcClientResponse;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.mesohub.api.PeerOutcome;
import org.mesohub.api.PeerOutcome.State;
import org.mesohub.format.ContractText;
import org.mesohub.format.ForeignText;
import org.mesohub.format.ReaderOptions;
import org.mesohub.format.Reject;
import org.mesohub.format.RowSink;
import org.mesohub.observation.Column;
import org.mesohub.observation.Day;
import org.mesohub.observation.ObservationBatch;
import org.mesohub.observation.StationSelector;
import org.mesohub.observation.TimeRange;
import org.mesohub.observation.VariableDictionary;
import org.mesohub.proto.contract.CommunicationServiceGrpcClient;
import org.mesohub.proto.contract.DateResponse;
import org.mesohub.proto.contract.Dates;
import org.mesohub.proto.contract.EmptyRequest;
import org.mesohub.proto.contract.GetRequest;
import org.mesohub.proto.contract.QueryParams;
import org.mesohub.proto.contract.Request;
import org.mesohub.proto.contract.Response;
import org.mesohub.proto.contract.StatusCode;
import org.mesohub.query.AnswerBatch;
import org.mesohub.query.AnswerCheck;
import org.mesohub.query.AnswerMerge.Order;
import org.mesohub.query.Query;
import org.mesohub.query.RowsQuery;
import org.mesohub.routing.DaysPart;
import org.mesohub.segment.Origin;
import org.mesohub.segment.Sorter;

/**
 * Rows of a cluster of other make, by the contract of 2018: asked for a day at a time, as their
 * order is not known, and judged here, as its conditions may not be. Whatever it answers beyond the
 * time that was asked for is left out. Belongs to the context that asked. Failures are {@link
 * PeerFailure}s.
 */
final class ForeignRows implements AskedRows {
  /** Most rows taken of a day; they are put in order in memory. */
  static final int DAY_ROWS_MAX = 500_000;

  /** Most bytes of text taken of a day. */
  private static final long DAY_BYTES_MAX = 64L << 20;

  /** Of more days than these it is asked first which of them it has. */
  static final int DAYS_FEW = 31;

  /** Of how many of its days the latest rows of stations are looked for. */
  private static final int DAYS_LATEST = 3;

  /** Most stations named in a request; of more all are asked for. */
  private static final int STATIONS_MAX = 100;

  private static final int DATE_DIGITS = 8;

  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss", Locale.ROOT).withZone(ZoneOffset.UTC);

  private final Query query;
  private final Order order;
  private final AnswerCheck check;
  private final WorkerExecutor workers;
  private final Patience patience;
  private final RowsQuery rows;
  private final Origin origin;
  private final Deque<TimeRange> left = new ArrayDeque<>();
  private final Deque<AnswerBatch> ready = new ArrayDeque<>();
  private @Nullable PeerClient client;
  private @Nullable Duration deadline;
  private String self = "";
  private @Nullable GrpcClientRequest<?, ?> request;
  private boolean shortened;
  private boolean closed;

  ForeignRows(
      String peer,
      Query query,
      Order order,
      AnswerCheck check,
      WorkerExecutor workers,
      Patience patience) {
    this.query = query;
    this.order = order;
    this.check = check;
    this.workers = workers;
    this.patience = patience;
    this.rows = new RowsQuery(query, VariableDictionary.mesowest());
    // Nothing tells when it got them: whatever another cluster has of a key is newer.
    this.origin = new Origin(1, peer, 1, 1, peer, "");
  }

  /**
   * Asks; completes when the first day is here.
   *
   * @param cluster name of this one
   * @param parts what is asked for; none: everything
   * @param until of the client; null: there is none
   */
  Future<Void> begin(
      PeerClient peer, String cluster, List<DaysPart> parts, @Nullable Duration until) {
    client = peer;
    self = cluster;
    deadline = until;
    TimeRange range = query.selection().range().intersect(TimeRange.ALL);
    if (range.isEmpty()) {
      return Future.succeededFuture();
    }
    int first = range.firstDay().epochDay();
    int last = range.lastDay().epochDay();
    if (last - first < DAYS_FEW) {
      return of(IntStream.rangeClosed(first, last), range, parts);
    }
    return patience
        .await(days(), "it has not told its days")
        .compose(days -> of(days.stream().mapToInt(Integer::intValue), range, parts));
  }

  /** Begins with some days, ascending. */
  private Future<Void> of(IntStream days, TimeRange range, List<DaysPart> parts) {
    days.filter(day -> has(parts, day))
        .mapToObj(day -> new TimeRange(new Day(day).startMicros(), new Day(day).endMicros()))
        .map(range::intersect)
        .filter(day -> !day.isEmpty())
        .forEach(left::add);
    while (order == Order.STATIONS && left.size() > DAYS_LATEST) {
      left.removeFirst();
      shortened = true;
    }
    return load();
  }

  /** Days that it says it has, ascending. */
  private Future<SortedSet<Integer>> days() {
    PeerClient peer = client;
    if (peer == null) {
      return Future.failedFuture(new PeerFailure(State.PARTIAL, "it was not asked"));
    }
    return peer.<EmptyRequest, DateResponse>open(CommunicationServiceGrpcClient.getUniqueDateIds)
        .compose(
            opened -> {
              request = opened;
              return opened.send(EmptyRequest.getDefaultInstance());
            })
        .compose(response -> response.last())
        .map(
            told -> {
              var days = new TreeSet<Integer>();
              for (Dates date : told.getDatesList()) {
                String digits = date.getDate().replaceAll("\\D", "");
                if (digits.length() >= DATE_DIGITS) {
                  days.add(day(digits.substring(0, DATE_DIGITS)));
                }
              }
              return (SortedSet<Integer>) days;
            })
        .recover(
            e ->
                Future.failedFuture(
                    new PeerFailure(
                        State.REFUSED,
                        "it does not tell its days: ask for %d at most".formatted(DAYS_FEW))));
  }

  private static int day(String date) {
    return (int) LocalDate.parse(date, DateTimeFormatter.BASIC_ISO_DATE).toEpochDay();
  }

  private static boolean has(List<DaysPart> parts, int day) {
    return parts.isEmpty()
        || parts.stream().anyMatch(part -> part.firstDay() <= day && day <= part.lastDay());
  }

  @Override
  public List<Column> columns() {
    return rows.columns();
  }

  @Override
  public List<PeerOutcome> others() {
    return List.of();
  }

  @Override
  public Future<@Nullable AnswerBatch> next() {
    boolean more = !left.isEmpty();
    if (closed || (ready.isEmpty() && !more)) {
      return shortened && !closed
          ? Future.failedFuture(
              new PeerFailure(
                  State.PARTIAL,
                  "only its last %d days were looked at for latest rows".formatted(DAYS_LATEST),
                  false))
          : Future.succeededFuture(null);
    }
    if (more && (ready.isEmpty() || order == Order.STATIONS)) {
      return load().compose(loaded -> next());
    }
    return Future.succeededFuture(ready.poll());
  }

  /** The next day. */
  private Future<Void> load() {
    TimeRange range = left.poll();
    if (range == null) {
      return Future.succeededFuture();
    }
    return patience
        .await(fetch(range), "it has not answered")
        .compose(texts -> workers.executeBlocking(() -> read(texts, range), false))
        .map(
            batches -> {
              ready.clear(); // of stations the latest so far are among them
              ready.addAll(batches);
              return null;
            });
  }

  private List<AnswerBatch> read(List<byte[]> texts, TimeRange range) {
    var read = new ArrayList<ObservationBatch>();
    var sink =
        new RowSink() {
          private int count;

          @Override
          public void batch(ObservationBatch batch) {
            count += batch.rows();
            if (count > DAY_ROWS_MAX) {
              throw new PeerFailure(
                  State.PARTIAL,
                  "a day of it has more than %d rows: ask for less of it".formatted(DAY_ROWS_MAX));
            }
            read.add(batch);
          }

          @Override
          public void reject(Reject reject) {
            // Words of its own among the rows.
          }
        };
    var reader = new ContractText(ReaderOptions.DEFAULTS, sink);
    for (byte[] text : texts) {
      byte[] bytes = ForeignText.rows(text);
      reader.message(bytes, 0, bytes.length);
    }
    reader.finish();
    List<AnswerBatch> found = new ArrayList<>(order == Order.STATIONS ? ready : List.of());
    if (!read.isEmpty()) {
      found.addAll(rows.answer(Sorter.concat(read), range, origin, order));
    }
    List<AnswerBatch> joined = order == Order.STATIONS ? RowsQuery.latest(found) : found;
    return joined.stream()
        .map(batch -> order == Order.STATIONS ? batch : check.wanted(batch))
        .filter(batch -> batch != null)
        .toList();
  }

  private Future<List<byte[]>> fetch(TimeRange range) {
    PeerClient peer = client;
    if (peer == null) {
      return Future.failedFuture(new PeerFailure(State.PARTIAL, "it was not asked"));
    }
    return peer.<Request, Response>open(CommunicationServiceGrpcClient.getHandler)
        .compose(opened -> ask(opened, range));
  }

  private Future<List<byte[]>> ask(GrpcClientRequest<Request, Response> opened, TimeRange range) {
    request = opened;
    if (closed) {
      opened.cancel();
      return Future.failedFuture(new PeerFailure(State.PARTIAL, "no more of it was wanted"));
    }
    Duration until = deadline;
    if (until != null) {
      opened.timeout(Math.max(1, until.toMillis()), TimeUnit.MILLISECONDS);
    }
    Promise<List<byte[]>> promise = Promise.promise();
    opened
        .response()
        .onSuccess(response -> listen(opened, response, promise))
        .onFailure(e -> promise.tryFail(PeerClient.failure(e)));
    opened.end(
        Request.newBuilder()
            .setFromSender(self)
            .setGetRequest(
                GetRequest.newBuilder()
                    .setQueryParams(
                        QueryParams.newBuilder()
                            .setFromUtc(time(range.fromMicros()))
                            .setToUtc(time(range.toMicros() + 999_999))
                            .setParamsJson(params())))
            .build());
    return promise.future();
  }

  private static void listen(
      GrpcClientRequest<Request, Response> opened,
      GrpcClientResponse<Request, Response> response,
      Promise<List<byte[]>> promise) {
    var texts = new ArrayList<byte[]>();
    var bytes = new AtomicLong();
    response.handler(
        answer -> {
          if (answer.getCode() == StatusCode.Failed) {
            promise.tryFail(new PeerFailure(State.REFUSED, "it answers: " + answer.getMsg()));
          } else if (bytes.addAndGet(answer.getDatFragment().getData().size()) > DAY_BYTES_MAX) {
            promise.tryFail(
                new PeerFailure(State.PARTIAL, "a day of it is too much text: ask for less of it"));
            opened.cancel();
          } else {
            texts.add(answer.getDatFragment().getData().toByteArray());
          }
        });
    response.exceptionHandler(e -> promise.tryFail(PeerClient.failure(e)));
    response.errorHandler(
        error ->
            promise.tryFail(new PeerFailure(State.UNREACHABLE, "it reset the call: " + error)));
    response.endHandler(
        end -> {
          PeerFailure failure = PeerClient.failure(response);
          if (failure == null) {
            promise.tryComplete(texts);
          } else {
            promise.tryFail(failure);
          }
        });
  }

  private static String time(long micros) {
    return TIME.format(Instant.ofEpochSecond(Math.floorDiv(micros, 1_000_000)));
  }

  /** Stations, where a few are named; all else is judged here. */
  private String params() {
    List<StationSelector> stations = query.selection().stations();
    if (stations.isEmpty() || stations.size() > STATIONS_MAX) {
      return "";
    }
    return stations.stream()
        .map(station -> "\"" + station.station().replaceAll("[\"\\\\\\p{Cntrl}]", "") + "\"")
        .distinct()
        .collect(Collectors.joining(",", "[{\"lhs\":\"STN\",\"op\":\"eq\",\"rhs\":[", "]}]"));
  }

  @Override
  public void close() {
    closed = true;
    ready.clear();
    left.clear();
    GrpcClientRequest<?, ?> opened = request;
    if (opened != null) {
      opened.cancel();
    }
  }
}
