package org.mesohub.segment;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Merging, folding and comparing; figures are per row merged or folded, and per put compared. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(value = 1, jvmArgsAppend = "-Xmx1g")
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
public class MergeBench {
  private static final int RUNS = 20;
  private static final int RUN_ROWS = 50_000;
  private static final int ROWS = RUNS * RUN_ROWS;
  private static final int STATIONS = 2_000;

  private final List<List<VersionBatch>> interleaved = new ArrayList<>();
  private final List<List<VersionBatch>> colliding = new ArrayList<>();
  private final List<VersionBatch> whole = new ArrayList<>();
  private final List<FoldedBatch> stored = new ArrayList<>();
  private final int[] putOf = new int[RUN_ROWS];
  private VersionBatch incoming;

  @Setup
  public void setUp() {
    var fold = new Fold(Long.MAX_VALUE, List.of(), Set.of());
    for (int run = 0; run < RUNS; run++) {
      interleaved.add(run(run, run + 1));
      colliding.add(run(run / 4 * 4, run + 1));
    }
    var merge = new Merge(cursors(interleaved));
    for (VersionBatch batch = merge.next(); batch != null; batch = merge.next()) {
      whole.add(batch);
      stored.add(fold.fold(batch));
    }
    incoming = BenchRows.versions(BenchRows.rows(RUN_ROWS, STATIONS, 7, RUNS, false, 99), RUNS + 1);
  }

  private static List<VersionBatch> run(int phase, long commit) {
    return BenchRows.blocks(
        BenchRows.versions(BenchRows.rows(RUN_ROWS, STATIONS, phase, RUNS, false, commit), commit));
  }

  private static List<VersionCursor> cursors(List<List<VersionBatch>> runs) {
    var cursors = new ArrayList<VersionCursor>();
    for (List<VersionBatch> run : runs) {
      Iterator<VersionBatch> left = run.iterator();
      cursors.add(() -> left.hasNext() ? left.next() : null);
    }
    return cursors;
  }

  private static long drain(Merge merge) {
    long rows = 0;
    for (VersionBatch batch = merge.next(); batch != null; batch = merge.next()) {
      rows += batch.rows().rows();
    }
    return rows;
  }

  @Benchmark
  @OperationsPerInvocation(ROWS)
  public long mergeOf20InterleavedRuns() {
    return drain(new Merge(cursors(interleaved)));
  }

  @Benchmark
  @OperationsPerInvocation(ROWS)
  public long mergeOfOneRun() {
    return drain(new Merge(cursors(List.of(whole))));
  }

  @Benchmark
  @OperationsPerInvocation(ROWS)
  public long mergeAndFoldOf20RunsWithFourVersionsPerKey() {
    var fold = new Fold(Long.MAX_VALUE, List.of(), Set.of());
    var merge = new Merge(cursors(colliding));
    long rows = 0;
    for (VersionBatch batch = merge.next(); batch != null; batch = merge.next()) {
      rows += fold.fold(batch).rows().rows();
    }
    return rows;
  }

  @Benchmark
  @OperationsPerInvocation(ROWS)
  public long foldWithNothingToFold() {
    var fold = new Fold(Long.MAX_VALUE, List.of(), Set.of());
    long rows = 0;
    for (VersionBatch batch : whole) {
      rows += fold.fold(batch).rows().rows();
    }
    return rows;
  }

  @Benchmark
  public PutDiff.Result diffOf50ThousandRowsWithAMillion() {
    Iterator<FoldedBatch> left = stored.iterator();
    return PutDiff.diff(incoming, putOf, 1, () -> left.hasNext() ? left.next() : null);
  }
}
