package org.mesohub.query;

import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.mesohub.observation.StationSelector;
import org.mesohub.observation.TimeRange;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Queries over a compacted day of a million rows with its chunks opened, on one thread. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(1)
public class QueryBench {
  private final CompactedDay day = new CompactedDay();
  private final QueryEngine engine = new QueryEngine(day);

  private static Selection selection(List<StationSelector> stations, Condition... where) {
    return new Selection(TimeRange.ALL, stations, Set.of(), null, List.of(where));
  }

  private long rows(Answer answer) {
    long rows = 0;
    AnswerBatch batch;
    while ((batch = answer.next()) != null) {
      rows += batch.rows().rows();
    }
    answer.close();
    return rows;
  }

  @Benchmark
  public long everything() {
    return rows(engine.open(day.state, Query.of(Selection.ALL)));
  }

  @Benchmark
  public long hotRows() {
    return rows(engine.open(day.state, Query.of(selection(List.of(), hot()))));
  }

  @Benchmark
  public long countHotRows() {
    return engine.count(day.state, selection(List.of(), hot()), 0);
  }

  private static Condition hot() {
    return new Condition("TMPF", Condition.Op.GT, List.of("80"), "");
  }

  @Benchmark
  public long oneStation() {
    return rows(
        engine.open(day.state, Query.of(selection(List.of(StationSelector.parse("ST05000"))))));
  }

  @Benchmark
  public long latest() {
    return rows(engine.latest(day.state, Selection.ALL, List.of(), "source"));
  }
}
