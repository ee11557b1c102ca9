package org.mesohub.segment;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Collects the origins in use of several batches in one table. */
final class OriginUnion {
  private static final int UNKNOWN = -1;

  private final Map<Origin, Integer> index = new HashMap<>();
  private final List<Origin> origins = new ArrayList<>();
  private final int[] origin;

  OriginUnion(int rows) {
    this.origin = new int[rows];
  }

  /**
   * Enters the origins of the rows {@code [from, to)} where {@code target}, read from {@code place}
   * on, says.
   */
  void scatter(VersionBatch batch, int from, int to, int[] target, int place) {
    int[] origins = batch.origin();
    var known = new int[batch.origins().size()];
    Arrays.fill(known, UNKNOWN);
    for (int row = from; row < to; row++) {
      int united = known[origins[row]];
      if (united == UNKNOWN) {
        united = add(batch.origins().get(origins[row]));
        known[origins[row]] = united;
      }
      origin[target[place + row - from]] = united;
    }
  }

  private int add(Origin added) {
    return index.computeIfAbsent(
        added,
        o -> {
          origins.add(o);
          return origins.size() - 1;
        });
  }

  List<Origin> origins() {
    return List.copyOf(origins);
  }

  int[] origin() {
    return origin;
  }
}
