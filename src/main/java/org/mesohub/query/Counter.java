package org.mesohub.query;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** Counts matching rows, reading nothing of chunks that match as a whole. */
final class Counter {
  private Counter() {}

  static long count(Plan plan, Scan scan, @Nullable Executor workers, int lookAhead) {
    long count = 0;
    var works = new ArrayList<Work>();
    for (Unit unit : plan.units()) {
      if (unit.isSolo() && isWhole(unit.slices().get(0), scan)) {
        count += unit.slices().get(0).part().summary().rows();
      } else {
        Work.addUnit(unit, scan, works);
      }
    }
    try (var pipeline =
        new Pipeline<Integer>(works, scan.source(), Counter::counts, workers, lookAhead)) {
      Integer some;
      while ((some = pipeline.next()) != null) {
        count += some;
      }
    }
    return count;
  }

  private static boolean isWhole(Slice slice, Scan scan) {
    return scan.predicate().isTrue()
        && slice.part().summary().singleVersions()
        && slice.isWhole()
        && scan.existence().isPlain(slice)
        && scan.scope().keys() == null
        && scan.scope().hasAllStations(slice.part().summary().networks());
  }

  private static List<Integer> counts(List<Hits> hits) {
    return List.of(hits.stream().mapToInt(Hits::count).sum());
  }
}
