package org.mesohub.retrieval;

import io.vertx.core.Future;
import io.vertx.core.WorkerExecutor;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import org.mesohub.api.AnswerStream;
import org.mesohub.api.NodeApi.Counted;
import org.mesohub.catalog.CatalogueState;
import org.mesohub.catalog.DayEntry;
import org.mesohub.cluster.CatalogueLog;
import org.mesohub.observation.Day;
import org.mesohub.observation.TimeRange;
import org.mesohub.query.Answer;
import org.mesohub.query.Query;
import org.mesohub.query.QueryEngine;
import org.mesohub.query.Selection;

/**
 * Reads: takes a catalogue version, linearizable but for {@link #asItIs}, pins it, and runs the
 * query engine on workers.
 */
public final class Retrieval {
  private final CatalogueLog catalogue;
  private final QueryEngine engine;
  private final Pins pins;
  private final WorkerExecutor workers;
  private final Turns turns;
  private final Supplier<Future<?>> freshness;

  /**
   * @param queriesMax answers in progress at once; more wait for their {@link Turns}
   */
  public Retrieval(
      CatalogueLog catalogue,
      QueryEngine engine,
      Pins pins,
      WorkerExecutor workers,
      int queriesMax) {
    this(catalogue, engine, pins, workers, new Turns(queriesMax), catalogue::linearizable);
  }

  private Retrieval(
      CatalogueLog catalogue,
      QueryEngine engine,
      Pins pins,
      WorkerExecutor workers,
      Turns turns,
      Supplier<Future<?>> freshness) {
    this.turns = turns;
    this.catalogue = catalogue;
    this.engine = engine;
    this.pins = pins;
    this.workers = workers;
    this.freshness = freshness;
  }

  /** The same from this node's state as it is, however old; the limits are shared. */
  public Retrieval asItIs() {
    return new Retrieval(catalogue, engine, pins, workers, turns, Future::succeededFuture);
  }

  /** Starts a range query. */
  public Future<AnswerStream> query(Query query) {
    return open(state -> engine.open(state, query));
  }

  /** Starts a query for the latest row of each station. */
  public Future<AnswerStream> latest(Query query) {
    return open(state -> engine.latest(state, query));
  }

  /** Counts matching rows. */
  public Future<Counted> count(Selection selection, long asOfCommit) {
    return pinned(
        state ->
            new Counted(
                engine.count(state, selection, asOfCommit == 0 ? Long.MAX_VALUE : asOfCommit),
                asOfCommit == 0 ? state.commit() : asOfCommit));
  }

  /** Days with rows in a range. */
  public Future<List<Map.Entry<Day, DayEntry>>> days(TimeRange range) {
    return pinned(
        state ->
            range.isEmpty()
                ? List.of()
                : state.daysBetween(range.firstDay(), range.lastDay()).stream()
                    .filter(e -> e.getValue().rows() > 0)
                    .toList());
  }

  /** Computes something from a pinned state on a worker. */
  public <T> Future<T> pinned(Function<CatalogueState, T> read) {
    return freshness.get().compose(ignored -> here(read));
  }

  /** Computes something from this node's state, pinned, however old it is, on a worker. */
  public <T> Future<T> here(Function<CatalogueState, T> read) {
    return workers.executeBlocking(
        () -> {
          Pins.Pinned pinned = pins.pin(catalogue::state);
          try {
            return read.apply(pinned.state());
          } finally {
            pinned.pin().close();
          }
        },
        false);
  }

  /** Answers in progress now. */
  public int running() {
    return turns.taken();
  }

  private Future<AnswerStream> open(Function<CatalogueState, Answer> start) {
    return turns
        .enter()
        .compose(
            entered ->
                Future.succeededFuture()
                    .compose(now -> pinnedAnswer(start))
                    .onFailure(failure -> turns.leave()));
  }

  private Future<AnswerStream> pinnedAnswer(Function<CatalogueState, Answer> start) {
    return freshness
        .get()
        .compose(
            ignored ->
                workers.executeBlocking(
                    () -> {
                      Pins.Pinned pinned = pins.pin(catalogue::state);
                      try {
                        Answer answer = start.apply(pinned.state());
                        return new WorkerAnswer(
                            answer,
                            workers,
                            () -> {
                              pinned.pin().close();
                              turns.leave();
                            });
                      } catch (RuntimeException e) {
                        pinned.pin().close();
                        throw e;
                      }
                    },
                    false));
  }
}
