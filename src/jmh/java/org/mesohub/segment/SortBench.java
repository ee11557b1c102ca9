package org.mesohub.segment;

import java.util.concurrent.TimeUnit;
import org.mesohub.observation.ObservationBatch;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Sorting a put of 50,000 rows of 2,000 stations. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class SortBench {
  private static final int ROWS = 50_000;
  private static final int STATIONS = 2_000;

  private final Origin origin = Origin.local("bench", "");
  private ObservationBatch shuffled;
  private ObservationBatch sorted;

  @Setup
  public void setUp() {
    shuffled = BenchRows.rows(ROWS, STATIONS, 0, 1, true, 1);
    sorted = BenchRows.rows(ROWS, STATIONS, 0, 1, false, 1);
  }

  @Benchmark
  public Sorter.Sorted shuffled() {
    return Sorter.sort(shuffled, origin);
  }

  @Benchmark
  public Sorter.Sorted alreadySorted() {
    return Sorter.sort(sorted, origin);
  }
}
