package org.mesohub.node;

import com.google.protobuf.ByteString;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.mesohub.api.ApiException;
import org.mesohub.api.NodeApi.DeleteOutcome;
import org.mesohub.api.PutOptions;
import org.mesohub.catalog.CatalogueState;
import org.mesohub.catalog.DayEntry;
import org.mesohub.catalog.TokenWindow;
import org.mesohub.catalog.Tombstones;
import org.mesohub.cluster.CatalogueLog;
import org.mesohub.observation.Day;
import org.mesohub.observation.TimeRange;
import org.mesohub.proto.internal.v1.Applied;
import org.mesohub.proto.internal.v1.DayDelta;
import org.mesohub.proto.internal.v1.DeleteRows;
import org.mesohub.proto.internal.v1.Entry;
import org.mesohub.proto.internal.v1.Token;
import org.mesohub.query.QueryEngine;
import org.mesohub.query.Selection;
import org.mesohub.retrieval.Pins;
import org.mesohub.segment.ChunkId;
import org.mesohub.segment.Tombstone;

/**
 * Deletes by tombstone: counts what goes, then commits a selector that hides it. Blocks; for a
 * worker, or for the committer's thread when commits keep coming between.
 */
final class Deletion {
  /** Tries beside the commits, before a turn of its own is taken. */
  private static final int ATTEMPTS_BESIDE = 3;

  /** Tries between two commits; only background work can come between then. */
  private static final int ATTEMPTS_MAX = 8;

  private final CatalogueLog catalogue;
  private final QueryEngine engine;
  private final Pins pins;

  Deletion(CatalogueLog catalogue, QueryEngine engine, Pins pins) {
    this.catalogue = catalogue;
    this.engine = engine;
    this.pins = pins;
  }

  /**
   * Refuses selections that a tombstone cannot express, and one that would delete everything by
   * oversight.
   */
  static void check(Selection selection) {
    if (selection.bbox() != null || !selection.where().isEmpty()) {
      throw new ApiException(
          ApiException.Reason.INVALID,
          "rows are deleted by station, network and time only; leave conditions and bounding box"
              + " out");
    }
    if (selection.range().equals(TimeRange.ALL)
        && selection.stations().isEmpty()
        && selection.networks().isEmpty()) {
      throw new ApiException(
          ApiException.Reason.INVALID,
          "a deletion needs a station, a network or a time range; to delete everything, give the"
              + " whole time range explicitly");
    }
  }

  /** Deletes beside the commits; null when they kept coming between. */
  @Nullable DeleteOutcome beside(
      Selection selection, PutOptions.@Nullable Token token, boolean dryRun) {
    return attempt(selection, token, dryRun, ATTEMPTS_BESIDE);
  }

  /** Deletes between two commits. */
  DeleteOutcome between(Selection selection, PutOptions.@Nullable Token token, boolean dryRun) {
    DeleteOutcome outcome = attempt(selection, token, dryRun, ATTEMPTS_MAX);
    if (outcome == null) {
      throw new ApiException(
          ApiException.Reason.OVERLOADED,
          "other commits to the same days kept coming between; nothing was deleted, try again");
    }
    return outcome;
  }

  private @Nullable DeleteOutcome attempt(
      Selection selection, PutOptions.@Nullable Token token, boolean dryRun, int attemptsMax) {
    for (int attempt = 0; attempt < attemptsMax; attempt++) {
      Pins.Pinned pinned = pins.pin(catalogue::state);
      try {
        CatalogueState state = pinned.state();
        DeleteOutcome earlier = remembered(state, selection, token);
        if (earlier != null) {
          return earlier;
        }
        DeleteRows command = command(state, selection, token);
        if (dryRun || (command.getDeleted() == 0 && token == null)) {
          return new DeleteOutcome(command.getDeleted(), 0);
        }
        Applied applied = catalogue.propose(Entry.newBuilder().setDeleteRows(command));
        if (applied.hasDone()) {
          return new DeleteOutcome(
              command.getDeleted(), command.getDeleted() == 0 ? 0 : applied.getDone().getCommit());
        }
        if (applied.hasRefused()) {
          throw new ApiException(
              ApiException.Reason.valueOf(applied.getRefused().getReason()),
              applied.getRefused().getMessage());
        }
      } finally {
        pinned.pin().close();
      }
    }
    return null;
  }

  private DeleteRows command(
      CatalogueState state, Selection selection, PutOptions.@Nullable Token token) {
    List<DayDelta> days = new ArrayList<>();
    long deleted = 0;
    TimeRange range = selection.range();
    if (!range.isEmpty()) {
      for (Map.Entry<Day, DayEntry> e : state.daysBetween(range.firstDay(), range.lastDay())) {
        TimeRange inDay = range.intersect(e.getKey().range());
        long rows =
            engine.count(
                state,
                new Selection(inDay, selection.stations(), selection.networks(), null, List.of()),
                0);
        deleted += rows;
        days.add(
            DayDelta.newBuilder()
                .setEpochDay(e.getKey().epochDay())
                .setRows(-rows)
                .setChanged(rows > 0)
                .setBasis(e.getValue().version())
                .build());
      }
    }
    var tombstone = new Tombstone(0, range, selection.networks(), selection.stations());
    var command =
        DeleteRows.newBuilder()
            .setTombstone(Tombstones.toProto(tombstone))
            .addAllDays(days)
            .setDeleted(deleted);
    if (token != null) {
      command.setToken(
          Token.newBuilder()
              .setClient(token.client())
              .setSequence(token.sequence())
              .setContent(ByteString.copyFrom(content(selection).hash())));
    }
    return command.build();
  }

  private static @Nullable DeleteOutcome remembered(
      CatalogueState state, Selection selection, PutOptions.@Nullable Token token) {
    if (token == null) {
      return null;
    }
    TokenWindow.Verdict verdict =
        state.tokens().check(token.client(), token.sequence(), content(selection));
    return verdict instanceof TokenWindow.Verdict.Replay replay
        ? new DeleteOutcome(replay.record().getDeleted(), replay.record().getOutcome().getCommit())
        : null;
  }

  /** The same for the same selection after a restart: the order of a set is not. */
  private static ChunkId content(Selection selection) {
    String text =
        selection.range() + " " + selection.stations() + " " + new TreeSet<>(selection.networks());
    return ChunkId.of(text.getBytes(StandardCharsets.UTF_8));
  }
}
