package org.mesohub.catalog;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.mesohub.catalog.Catalogue.Transition;
import org.mesohub.observation.TimeRange;
import org.mesohub.segment.Tombstone;

/**
 * Forgetting: the floor below which states cannot be read any more, and deletions that have nothing
 * left to hide.
 */
public final class Floors {
  private Floors() {}

  static Transition raise(CatalogueState state, long commit) {
    if (commit > state.commit()) {
      return Catalogue.refused(
          state, "INVALID", "floor " + commit + " is above the newest commit, " + state.commit());
    }
    return Catalogue.done(
        commit <= state.floor() ? state : state.withRetention(state.retention().raised(commit)));
  }

  static Transition drop(CatalogueState state, List<Long> commits) {
    Set<Long> named = new HashSet<>(commits);
    List<Tombstone> idle =
        state.tombstones().stream()
            .filter(t -> named.contains(t.commit()) && isIdle(state, t))
            .toList();
    return Catalogue.done(
        idle.isEmpty() ? state : state.withTombstones(state.tombstones().minusAll(idle)));
  }

  /**
   * Whether a deletion hides nothing from any state that can be read: what it covered is in no run
   * any more. Once true it stays so, as no run gains rows from before it.
   */
  public static boolean isIdle(CatalogueState state, Tombstone tombstone) {
    TimeRange range = tombstone.range();
    return tombstone.commit() <= state.floor()
        && (range.isEmpty()
            || state.daysBetween(range.firstDay(), range.lastDay()).stream()
                .noneMatch(e -> e.getValue().superseded().isBelow(tombstone.commit())));
  }
}
