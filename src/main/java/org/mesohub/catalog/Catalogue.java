package org.mesohub.catalog;

import com.google.protobuf.ByteString;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.mesohub.observation.Day;
import org.mesohub.proto.internal.v1.Applied;
import org.mesohub.proto.internal.v1.CommitRows;
import org.mesohub.proto.internal.v1.Condemn;
import org.mesohub.proto.internal.v1.Conflict;
import org.mesohub.proto.internal.v1.DayDelta;
import org.mesohub.proto.internal.v1.DayInputs;
import org.mesohub.proto.internal.v1.Done;
import org.mesohub.proto.internal.v1.Entry;
import org.mesohub.proto.internal.v1.Put;
import org.mesohub.proto.internal.v1.PutOutcome;
import org.mesohub.proto.internal.v1.Refused;
import org.mesohub.proto.internal.v1.ReplaceRuns;
import org.mesohub.proto.internal.v1.Replayed;
import org.mesohub.proto.internal.v1.Token;
import org.mesohub.proto.internal.v1.TokenRecord;
import org.mesohub.segment.ChunkId;
import org.pcollections.PVector;
import org.pcollections.TreePMap;
import org.pcollections.TreePVector;

/**
 * The catalogue's transition function: (state, time, entry) → (state, answer). Deterministic,
 * without side effects.
 *
 * <p>A commit number is given to every entry that a reader can notice (rows, deletions); compaction
 * and collection leave it alone.
 */
public final class Catalogue {
  /** Entry format this release writes and the only one it reads. */
  public static final int FORMAT = 1;

  /** Outcome of one entry. */
  public record Transition(CatalogueState state, Applied answer) {}

  private Catalogue() {}

  /**
   * Applies an entry.
   *
   * @param timeMicros leader-stamped time; before the state's, which only a restored state can be
   *     ahead of, it stands still
   */
  public static Transition apply(CatalogueState state, long timeMicros, Entry entry) {
    if (entry.getFormat() != FORMAT) {
      throw new IllegalStateException(
          "log entry of format "
              + entry.getFormat()
              + ": this release knows format "
              + FORMAT
              + "; start the release that wrote it, or a newer one");
    }
    CatalogueState now = state.at(Math.max(timeMicros, state.timeMicros()));
    return switch (entry.getCommandCase()) {
      case COMMIT_ROWS -> commitRows(now, entry.getCommitRows());
      case DELETE_ROWS -> RowDeletions.apply(now, entry.getDeleteRows());
      case REPLACE_RUNS -> replaceRuns(now, entry.getReplaceRuns());
      case CONDEMN -> condemn(now, entry.getCondemn());
      case COLLECTED -> collected(now, entry.getCollected().getChunksList());
      case PROBE -> done(now);
      case INIT -> init(now, entry.getInit().getCluster());
      case RAISE_FLOOR -> Floors.raise(now, entry.getRaiseFloor().getCommit());
      case DROP_TOMBSTONES -> Floors.drop(now, entry.getDropTombstones().getCommitsList());
      case RESTORE_PART -> Restores.part(now, entry.getRestorePart());
      case CHANGE_MEMBERS -> Rosters.change(now, entry.getChangeMembers());
      case COMMAND_NOT_SET ->
          throw new IllegalStateException(
              "log entry of a kind that this release does not know; start a newer release");
    };
  }

  private static Transition commitRows(CatalogueState state, CommitRows command) {
    Set<String> names = new HashSet<>();
    for (int i = 0; i < command.getPutsCount(); i++) {
      Put put = command.getPuts(i);
      if (put.hasToken()) {
        if (!names.add(put.getToken().getSequence() + " " + put.getToken().getClient())) {
          return refused(state, "INVALID", "one token names two puts of a commit; put them apart");
        }
        Transition stopped = stopOnToken(state, put.getToken(), i);
        if (stopped != null) {
          return stopped;
        }
      }
    }
    boolean changes = command.hasBody() || command.hasStations();
    if (changes && command.getCondemnEpoch() != state.condemnEpoch()) {
      return conflict(state, "chunks were condemned meanwhile");
    }
    if (command.hasStations()
        && !ids(command.getStations().getBasisList()).equals(state.stationPages())) {
      return conflict(state, "station descriptions changed meanwhile");
    }
    String moved = movedDay(state, command.getDaysList());
    if (moved != null) {
      return conflict(state, moved);
    }
    CatalogueState next = changes ? state.committed() : state;
    if (command.hasStations()) {
      next = next.withStationPages(ids(command.getStations().getPagesList()));
    }
    if (command.hasBody()) {
      var ref =
          new RunRef(next.commit(), next.timeMicros(), RunBodies.fromProto(command.getBody()));
      next = next.withDays(addRun(next, ref, command));
    }
    TokenWindow tokens = next.tokens().expire(next.timeMicros());
    for (Put put : command.getPutsList()) {
      if (put.hasToken()) {
        PutOutcome outcome = put.getOutcome();
        boolean changed = outcome.getStored() + outcome.getCorrected() > 0;
        tokens =
            tokens.plus(
                TokenRecord.newBuilder()
                    .setToken(put.getToken())
                    .setTimeUs(next.timeMicros())
                    .setOutcome(outcome.toBuilder().setCommit(changed ? next.commit() : 0))
                    .build());
      }
    }
    return done(next.withTokens(tokens));
  }

  private static TreePMap<Day, DayEntry> addRun(
      CatalogueState state, RunRef ref, CommitRows command) {
    TreePMap<Day, DayEntry> days = state.days();
    for (DayDelta delta : command.getDaysList()) {
      if (!delta.getChanged()) {
        continue;
      }
      var day = new Day(delta.getEpochDay());
      DayEntry old = days.get(day);
      PVector<RunRef> runs = old == null ? TreePVector.empty() : old.runs();
      Superseded superseded = old == null ? Superseded.NONE : old.superseded();
      days =
          days.plus(
              day,
              new DayEntry(
                  state.commit(),
                  runs.plus(ref),
                  (old == null ? 0 : old.rows()) + delta.getRows(),
                  union(old, networks(delta, command.getNetworksList())),
                  delta.getSupersedes() ? superseded.by(state.commit()) : superseded));
    }
    return days;
  }

  private static List<String> networks(DayDelta delta, List<String> names) {
    return BitSet.valueOf(delta.getNetworkBits().asReadOnlyByteBuffer()).stream()
        .mapToObj(names::get)
        .toList();
  }

  private static SortedSet<String> union(@Nullable DayEntry old, List<String> networks) {
    if (old != null && old.networks().containsAll(networks)) {
      return old.networks();
    }
    var all = new TreeSet<>(networks);
    if (old != null) {
      all.addAll(old.networks());
    }
    return all;
  }

  private static Transition replaceRuns(CatalogueState state, ReplaceRuns command) {
    if (command.getCondemnEpoch() != state.condemnEpoch()) {
      return conflict(state, "chunks were condemned meanwhile");
    }
    List<RunRef> inputs =
        new ArrayList<>(command.getInputsList().stream().map(RunBodies::nameFromProto).toList());
    Map<Day, PVector<RunRef>> replaced = new HashMap<>();
    Map<Day, Integer> places = new HashMap<>();
    Set<Day> trimmed = new HashSet<>();
    Set<Day> emptied = new HashSet<>();
    long newest = 0;
    long newestTime = 0;
    for (RunRef input : inputs) {
      newest = Math.max(newest, input.commit());
      newestTime = Math.max(newestTime, input.commitTimeMicros());
    }
    for (DayInputs dayInputs : command.getDaysList()) {
      var day = new Day(dayInputs.getEpochDay());
      DayEntry entry = state.days().get(day);
      List<RunRef> wanted = dayInputs.getInputsList().stream().map(inputs::get).toList();
      if (entry == null || !entry.runs().containsAll(wanted)) {
        return conflict(state, "runs of " + day + " were replaced meanwhile");
      }
      if (dayInputs.getBasis() != 0 && dayInputs.getBasis() != entry.version()) {
        return conflict(state, "day " + day + " changed meanwhile");
      }
      replaced.put(day, entry.runs().minusAll(wanted));
      places.put(day, wanted.stream().mapToInt(entry.runs()::indexOf).min().orElse(0));
      if (dayInputs.getWhole() && command.getTrimmedTo() > 0) {
        trimmed.add(day);
      }
      if (dayInputs.getEmptied()) {
        emptied.add(day);
      }
    }
    TreePMap<Day, DayEntry> days = state.days();
    for (Map.Entry<Day, PVector<RunRef>> e : replaced.entrySet()) {
      DayEntry old = java.util.Objects.requireNonNull(days.get(e.getKey()));
      PVector<RunRef> runs = e.getValue();
      if (command.hasOutput() && !emptied.contains(e.getKey())) {
        runs =
            runs.plus(
                places.getOrDefault(e.getKey(), 0),
                new RunRef(newest, newestTime, RunBodies.fromProto(command.getOutput())));
      }
      Superseded superseded =
          trimmed.contains(e.getKey())
              ? old.superseded().trimmedTo(command.getTrimmedTo())
              : old.superseded();
      days =
          runs.isEmpty()
              ? days.minus(e.getKey())
              : days.plus(e.getKey(), old.withRuns(runs, superseded));
    }
    return done(state.withDays(days));
  }

  private static Transition condemn(CatalogueState state, Condemn command) {
    if (command.getRunsEpoch() != state.runsEpoch()) {
      return conflict(state, "references to chunks changed meanwhile");
    }
    return done(
        state.withCondemned(
            state.condemned().plusAll(ids(command.getChunksList())), state.condemnEpoch() + 1));
  }

  private static Transition collected(CatalogueState state, List<ByteString> chunks) {
    return done(state.withCondemned(state.condemned().minusAll(ids(chunks)), state.condemnEpoch()));
  }

  private static List<ChunkId> ids(List<ByteString> chunks) {
    return chunks.stream().map(bytes -> ChunkId.ofHash(bytes.toByteArray())).toList();
  }

  private static Transition init(CatalogueState state, String cluster) {
    if (state.clusterId().isEmpty()) {
      return done(state.named(cluster));
    }
    return state.clusterId().equals(cluster)
        ? done(state)
        : refused(
            state,
            "INVALID",
            "the catalogue belongs to cluster "
                + state.clusterId()
                + ", not "
                + cluster
                + "; give the node another data folder");
  }

  /** The answer for a put whose token stops it, null when it may run. */
  static @Nullable Transition stopOnToken(CatalogueState state, Token token, int put) {
    TokenWindow.Verdict verdict =
        state
            .tokens()
            .expire(state.timeMicros())
            .check(
                token.getClient(),
                token.getSequence(),
                ChunkId.ofHash(token.getContent().toByteArray()));
    if (verdict instanceof TokenWindow.Verdict.Replay) {
      return new Transition(
          state, Applied.newBuilder().setReplayed(Replayed.newBuilder().setPut(put)).build());
    }
    if (verdict instanceof TokenWindow.Verdict.OtherContent) {
      return refused(state, "TOKEN_CONFLICT", "token used before with other content");
    }
    if (verdict instanceof TokenWindow.Verdict.Expired) {
      return refused(state, "TOKEN_EXPIRED", "token older than what is remembered");
    }
    if (verdict instanceof TokenWindow.Verdict.Full) {
      return refused(state, "OVERLOADED", "too many put tokens in 24 hours; try again later");
    }
    return null;
  }

  static @Nullable String movedDay(CatalogueState state, List<DayDelta> deltas) {
    for (DayDelta delta : deltas) {
      var day = new Day(delta.getEpochDay());
      if (state.dayVersion(day) != delta.getBasis()) {
        return "day " + day + " changed meanwhile";
      }
    }
    return null;
  }

  static Transition done(CatalogueState state) {
    return new Transition(
        state,
        Applied.newBuilder()
            .setDone(
                Done.newBuilder()
                    .setCommit(state.commit())
                    .setTimeUs(state.timeMicros())
                    .setCondemnEpoch(state.condemnEpoch()))
            .build());
  }

  static Transition conflict(CatalogueState state, String what) {
    return new Transition(
        state, Applied.newBuilder().setConflict(Conflict.newBuilder().setWhat(what)).build());
  }

  static Transition refused(CatalogueState state, String reason, String message) {
    return new Transition(
        state,
        Applied.newBuilder()
            .setRefused(Refused.newBuilder().setReason(reason).setMessage(message))
            .build());
  }
}
