package org.mesohub.catalog;

import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.mesohub.catalog.Catalogue.Transition;
import org.mesohub.observation.Day;
import org.mesohub.observation.TimeRange;
import org.mesohub.proto.internal.v1.DayDelta;
import org.mesohub.proto.internal.v1.DeleteRows;
import org.mesohub.proto.internal.v1.PutOutcome;
import org.mesohub.proto.internal.v1.TokenRecord;
import org.pcollections.TreePMap;

/** The part of the catalogue's transition function that deletes rows. */
final class RowDeletions {
  private RowDeletions() {}

  static Transition apply(CatalogueState state, DeleteRows command) {
    if (command.hasToken()) {
      Transition stopped = Catalogue.stopOnToken(state, command.getToken(), 0);
      if (stopped != null) {
        return stopped;
      }
    }
    String moved = Catalogue.movedDay(state, command.getDaysList());
    if (moved == null) {
      moved = newDay(state, command);
    }
    if (moved != null) {
      return Catalogue.conflict(state, moved);
    }
    CatalogueState next = state;
    if (command.getDeleted() > 0) {
      next = next.committed();
      next =
          next.withTombstones(
              next.tombstones().plus(Tombstones.fromProto(command.getTombstone(), next.commit())));
      TreePMap<Day, DayEntry> days = next.days();
      for (DayDelta delta : command.getDaysList()) {
        var day = new Day(delta.getEpochDay());
        DayEntry old = days.get(day);
        if (old != null && delta.getChanged()) {
          days =
              days.plus(
                  day,
                  new DayEntry(
                      next.commit(),
                      old.runs(),
                      old.rows() + delta.getRows(),
                      old.networks(),
                      old.superseded().by(next.commit())));
        }
      }
      next = next.withDays(days);
    }
    TokenWindow tokens = next.tokens().expire(next.timeMicros());
    if (command.hasToken()) {
      tokens =
          tokens.plus(
              TokenRecord.newBuilder()
                  .setToken(command.getToken())
                  .setTimeUs(next.timeMicros())
                  .setDeleted(command.getDeleted())
                  .setOutcome(
                      PutOutcome.newBuilder()
                          .setCommit(command.getDeleted() > 0 ? next.commit() : 0))
                  .build());
    }
    return Catalogue.done(next.withTokens(tokens));
  }

  /** A day in the range of a deletion whose rows were not counted, for it was not there. */
  private static @Nullable String newDay(CatalogueState state, DeleteRows command) {
    Set<Integer> counted = new HashSet<>();
    command.getDaysList().forEach(delta -> counted.add(delta.getEpochDay()));
    var range = new TimeRange(command.getTombstone().getFromUs(), command.getTombstone().getToUs());
    if (range.isEmpty()) {
      return null;
    }
    for (Map.Entry<Day, DayEntry> e : state.daysBetween(range.firstDay(), range.lastDay())) {
      if (!counted.contains(e.getKey().epochDay())) {
        return "day " + e.getKey() + " is new";
      }
    }
    return null;
  }
}
