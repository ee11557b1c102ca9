package org.mesohub.forward;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.WorkerExecutor;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
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
import org.mesohub.observation.TimeRange;
import org.mesohub.observation.VariableDictionary;
import org.mesohub.query.AnswerBatch;
import org.mesohub.query.AnswerCheck;
import org.mesohub.query.AnswerMerge.Order;
import org.mesohub.query.AnswerSources;
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

  /** Of more days than these it is asked first which of them it has. */
  static final int DAYS_FEW = 31;

  /** Of how many of its days the latest rows of stations are looked for. */
  private static final int DAYS_LATEST = 3;

  private final Query query;
  private final Order order;
  private final AnswerCheck check;
  private final WorkerExecutor workers;
  private final AnswerSources sources;
  private final Patience patience;
  private final RowsQuery rows;
  private final Origin origin;
  private final Deque<TimeRange> left = new ArrayDeque<>();
  private final Deque<AnswerBatch> ready = new ArrayDeque<>();
  private @Nullable ForeignCalls calls;
  private int daysWithRows;

  /** Lines that are no rows, nor say that there are none; and what is wrong with the first. */
  private long unreadable;

  private String firstUnreadable = "";
  private boolean closed;

  ForeignRows(
      String peer,
      Query query,
      Order order,
      AnswerCheck check,
      WorkerExecutor workers,
      AnswerSources sources,
      Patience patience) {
    this.query = query;
    this.order = order;
    this.check = check;
    this.workers = workers;
    this.sources = sources;
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
    var asking =
        new ForeignCalls(
            peer,
            cluster,
            query.selection().stations(),
            until == null ? Long.MAX_VALUE : System.nanoTime() + until.toNanos());
    calls = asking;
    TimeRange range = query.selection().range().intersect(TimeRange.ALL);
    if (range.isEmpty()) {
      return Future.succeededFuture();
    }
    int first = range.firstDay().epochDay();
    int last = range.lastDay().epochDay();
    if (last - first < (order == Order.KEYS ? DAYS_FEW : DAYS_LATEST)) {
      return of(IntStream.rangeClosed(first, last), range, parts);
    }
    return patience
        .await(asking.days(), "it has not told its days")
        .compose(days -> of(days.stream().mapToInt(Integer::intValue), range, parts));
  }

  /** Begins with some days, ascending. */
  private Future<Void> of(IntStream days, TimeRange range, List<DaysPart> parts) {
    days.filter(day -> has(parts, day))
        .mapToObj(day -> new TimeRange(new Day(day).startMicros(), new Day(day).endMicros()))
        .map(range::intersect)
        .filter(day -> !day.isEmpty())
        .forEach(order == Order.KEYS ? left::addLast : left::addFirst);
    return load();
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
    Promise<@Nullable AnswerBatch> promise = Promise.promise();
    step(promise);
    return promise.future();
  }

  /** One day after another, until there are rows to hand on. */
  private void step(Promise<@Nullable AnswerBatch> promise) {
    boolean enough = order == Order.STATIONS && daysWithRows >= DAYS_LATEST;
    boolean more = !left.isEmpty() && !enough;
    if (closed || (ready.isEmpty() && !more)) {
      if (enough && !left.isEmpty() && !closed) {
        promise.fail(
            new PeerFailure(
                State.PARTIAL,
                "only its last %d days were looked at for latest rows".formatted(DAYS_LATEST),
                false));
      } else if (unreadable > 0 && !closed) {
        promise.fail(
            new PeerFailure(
                State.PARTIAL,
                "%d of its lines are no rows, the first: %s".formatted(unreadable, firstUnreadable),
                false));
      } else {
        promise.complete(null);
      }
    } else if (more && (ready.isEmpty() || order == Order.STATIONS)) {
      load().onSuccess(loaded -> step(promise)).onFailure(promise::fail);
    } else {
      promise.complete(ready.poll());
    }
  }

  /** The next day. */
  private Future<Void> load() {
    TimeRange range = left.poll();
    ForeignCalls asking = calls;
    if (range == null || asking == null) {
      return Future.succeededFuture();
    }
    return patience
        .await(asking.rows(range), "it has not answered")
        .compose(
            texts ->
                workers
                    .executeBlocking(() -> read(texts, range), false)
                    .recover(e -> Future.failedFuture(unreadable(e))))
        .map(
            batches -> {
              ready.clear(); // of stations the latest so far are among them
              ready.addAll(batches);
              return null;
            });
  }

  private static Throwable unreadable(Throwable e) {
    return e instanceof PeerFailure
        ? e
        : new PeerFailure(State.PARTIAL, "its answer could not be read: " + e);
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
            if (!ForeignText.isNothing(reject.string())) {
              unreadable++;
              firstUnreadable = unreadable == 1 ? reject.reason() : firstUnreadable;
            }
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
      List<AnswerBatch> answer = rows.answer(Sorter.concat(read), range, origin, order);
      daysWithRows += answer.isEmpty() ? 0 : 1;
      if (!answer.isEmpty()) {
        sources.add(List.of(origin));
      }
      found.addAll(answer);
    }
    List<AnswerBatch> joined = order == Order.STATIONS ? RowsQuery.latest(found) : found;
    return joined.stream()
        .map(batch -> order == Order.STATIONS ? batch : check.wanted(batch))
        .filter(batch -> batch != null)
        .toList();
  }

  @Override
  public void close() {
    closed = true;
    ready.clear();
    left.clear();
    ForeignCalls asking = calls;
    if (asking != null) {
      asking.close();
    }
  }
}
