package org.mesohub.forward;

import com.google.protobuf.ByteString;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.grpc.client.GrpcClientRequest;
import io.vertx.grpc.client.GrpcClientResponse;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.mesohub.api.PeerOutcome.State;
import org.mesohub.format.ForeignText;
import org.mesohub.observation.StationSelector;
import org.mesohub.observation.TimeRange;
import org.mesohub.proto.contract.CommunicationServiceGrpcClient;
import org.mesohub.proto.contract.DateResponse;
import org.mesohub.proto.contract.Dates;
import org.mesohub.proto.contract.EmptyRequest;
import org.mesohub.proto.contract.GetRequest;
import org.mesohub.proto.contract.QueryParams;
import org.mesohub.proto.contract.Request;
import org.mesohub.proto.contract.Response;
import org.mesohub.proto.contract.StatusCode;

/**
 * Calls of the contract of 2018 to a cluster of other make, for one query, one after the other.
 * Belongs to the context that asks. Failures are {@link PeerFailure}s.
 */
final class ForeignCalls {
  /** Most bytes of text taken of a day. */
  private static final long DAY_BYTES_MAX = 32L << 20;

  /** Most characters of its own words that are told. */
  private static final int WORDS_MAX = 200;

  /** A call may take so long where the client has no deadline. */
  private static final long CALL_MS = 60_000;

  /** Most stations named in a request; of more all are asked for. */
  private static final int STATIONS_MAX = 100;

  private static final int DATE_DIGITS = 8;

  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss", Locale.ROOT).withZone(ZoneOffset.UTC);

  private final PeerClient client;
  private final String self;
  private final List<StationSelector> stations;
  private final long untilNanos;
  private @Nullable GrpcClientRequest<?, ?> request;
  private boolean closed;

  /**
   * @param self name of this cluster
   * @param stations that are asked for; none: all
   * @param untilNanos when the client's deadline is; Long.MAX_VALUE: none
   */
  ForeignCalls(PeerClient client, String self, List<StationSelector> stations, long untilNanos) {
    this.client = client;
    this.self = self;
    this.stations = stations;
    this.untilNanos = untilNanos;
  }

  /** Days that it says it has, ascending. */
  Future<SortedSet<Integer>> days() {
    return client
        .<EmptyRequest, DateResponse>open(CommunicationServiceGrpcClient.getUniqueDateIds)
        .compose(
            opened -> {
              request = opened;
              if (closed) {
                opened.cancel();
                return Future.failedFuture(
                    new PeerFailure(State.PARTIAL, "no more of it was wanted"));
              }
              opened.timeout(millisLeft(), TimeUnit.MILLISECONDS);
              return opened.send(EmptyRequest.getDefaultInstance());
            })
        .compose(response -> response.last())
        .map(
            told -> {
              var days = new TreeSet<Integer>();
              for (Dates date : told.getDatesList()) {
                String digits = date.getDate().replaceAll("\\D", "");
                if (digits.length() >= DATE_DIGITS) {
                  add(digits.substring(0, DATE_DIGITS), days);
                }
              }
              return (SortedSet<Integer>) days;
            })
        .recover(
            e -> {
              PeerFailure failure = PeerClient.failure(e);
              return Future.failedFuture(
                  failure.state() == State.REFUSED
                      ? new PeerFailure(
                          State.REFUSED,
                          "it does not tell its days: ask for %d at most"
                              .formatted(ForeignRows.DAYS_FEW))
                      : failure);
            });
  }

  /** A day, and the ones around it: some count days by their own clock. */
  private static void add(String date, SortedSet<Integer> to) {
    try {
      int day = (int) LocalDate.parse(date, DateTimeFormatter.BASIC_ISO_DATE).toEpochDay();
      to.addAll(List.of(day - 1, day, day + 1));
    } catch (DateTimeException e) {
      // Not a day; what it stands for is not known.
    }
  }

  /** Texts of the rows of a range, in whole seconds around it. */
  Future<List<byte[]>> rows(TimeRange range) {
    return client
        .<Request, Response>open(CommunicationServiceGrpcClient.getHandler)
        .compose(opened -> ask(opened, range));
  }

  private Future<List<byte[]>> ask(GrpcClientRequest<Request, Response> opened, TimeRange range) {
    request = opened;
    if (closed) {
      opened.cancel();
      return Future.failedFuture(new PeerFailure(State.PARTIAL, "no more of it was wanted"));
    }
    opened.timeout(millisLeft(), TimeUnit.MILLISECONDS);
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

  private long millisLeft() {
    return untilNanos == Long.MAX_VALUE
        ? CALL_MS
        : Math.max(1, (untilNanos - System.nanoTime()) / 1_000_000);
  }

  private static void listen(
      GrpcClientRequest<Request, Response> opened,
      GrpcClientResponse<Request, Response> response,
      Promise<List<byte[]>> promise) {
    var texts = new ArrayList<byte[]>();
    var bytes = new AtomicLong();
    response.handler(
        answer -> {
          String words = answer.getMsg();
          ByteString data = answer.getDatFragment().getData();
          if (answer.getCode() == StatusCode.Failed && !ForeignText.isNothing(words)) {
            promise.tryFail(
                new PeerFailure(
                    State.REFUSED,
                    "it answers: " + words.substring(0, Math.min(WORDS_MAX, words.length()))));
          } else if (bytes.addAndGet(answer.getSerializedSize()) > DAY_BYTES_MAX) {
            promise.tryFail(
                new PeerFailure(State.PARTIAL, "a day of it is too much text: ask for less of it"));
            opened.cancel();
          } else if (!data.isEmpty()) {
            texts.add(data.toByteArray());
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

  private static String escaped(String text) {
    return text.replace("\\", "\\\\").replace("\"", "\\\"");
  }

  /** Stations, where a few are named; all else is judged here. */
  private String params() {
    if (stations.isEmpty() || stations.size() > STATIONS_MAX) {
      return "";
    }
    return stations.stream()
        .map(station -> "\"" + escaped(station.station()) + "\"")
        .distinct()
        .collect(Collectors.joining(",", "[{\"lhs\":\"STN\",\"op\":\"eq\",\"rhs\":[", "]}]"));
  }

  void close() {
    closed = true;
    GrpcClientRequest<?, ?> opened = request;
    if (opened != null) {
      opened.cancel();
    }
  }
}
