package org.mesohub.catalog;

import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.mesohub.observation.Day;
import org.mesohub.placement.Roster;
import org.mesohub.segment.ChunkId;
import org.mesohub.segment.Tombstone;
import org.pcollections.HashTreePSet;
import org.pcollections.MapPSet;
import org.pcollections.PVector;
import org.pcollections.TreePMap;
import org.pcollections.TreePVector;

/**
 * The catalogue at one moment. Immutable: a reader pins a version by holding it.
 *
 * @param clusterId id of this cluster, empty until the first entry names it
 * @param commit last commit, 0 in an empty catalogue
 * @param timeMicros leader-stamped time of the last entry
 * @param days days with rows
 * @param tombstones deletions in commit order
 * @param tokens put tokens still remembered
 * @param condemned chunks that are being removed; no commit may name one
 * @param condemnEpoch rises with every condemnation
 * @param runsEpoch rises whenever references to chunks come or go
 * @param retention how far back states can be read
 * @param stationPages stored pages with station descriptions, in station order
 * @param restore what has come of a snapshot that is to take the place of an empty catalogue
 * @param roster members of the cluster
 */
public record CatalogueState(
    String clusterId,
    long commit,
    long timeMicros,
    TreePMap<Day, DayEntry> days,
    PVector<Tombstone> tombstones,
    TokenWindow tokens,
    MapPSet<ChunkId> condemned,
    long condemnEpoch,
    long runsEpoch,
    Retention retention,
    List<ChunkId> stationPages,
    RestoreParts restore,
    Roster roster) {

  /** A catalogue that is readable as of every commit and describes no stations. */
  public CatalogueState(
      String clusterId,
      long commit,
      long timeMicros,
      TreePMap<Day, DayEntry> days,
      PVector<Tombstone> tombstones,
      TokenWindow tokens,
      MapPSet<ChunkId> condemned,
      long condemnEpoch,
      long runsEpoch) {
    this(
        clusterId,
        commit,
        timeMicros,
        days,
        tombstones,
        tokens,
        condemned,
        condemnEpoch,
        runsEpoch,
        Retention.EMPTY,
        List.of(),
        RestoreParts.NONE,
        Roster.NONE);
  }

  /** A catalogue without anything. */
  public static CatalogueState empty(String clusterId) {
    return new CatalogueState(
        clusterId,
        0,
        0,
        TreePMap.empty(),
        TreePVector.empty(),
        TokenWindow.EMPTY,
        HashTreePSet.empty(),
        0,
        0);
  }

  /** Entries for the days of a closed range, ascending. */
  public List<Map.Entry<Day, DayEntry>> daysBetween(Day first, Day last) {
    return first.compareTo(last) > 0
        ? List.of()
        : List.copyOf(days.subMap(first, true, last, true).entrySet());
  }

  /** Version of a day; 0 when nothing is there. */
  public long dayVersion(Day day) {
    DayEntry entry = days.get(day);
    return entry == null ? 0 : entry.version();
  }

  /** Oldest commit whose state can be read; 0 while every one can. */
  public long floor() {
    return retention.floor();
  }

  /** Rows in all days. */
  public long rows() {
    return days.values().stream().mapToLong(DayEntry::rows).sum();
  }

  /**
   * Bytes of the chunks that the catalogue carries itself; a chunk of several days counts for each.
   */
  public long inlineBytes() {
    return days.values().stream()
        .flatMap(entry -> entry.runs().stream())
        .mapToLong(
            run -> run.body() instanceof RunRef.Body.Inline inline ? inline.chunk().length : 0)
        .sum();
  }

  CatalogueState withDays(TreePMap<Day, DayEntry> newDays) {
    return with(
        next -> {
          next.days = newDays;
          next.runsEpoch++;
        });
  }

  CatalogueState withTombstones(PVector<Tombstone> newTombstones) {
    return with(next -> next.tombstones = newTombstones);
  }

  CatalogueState withTokens(TokenWindow newTokens) {
    return with(next -> next.tokens = newTokens);
  }

  CatalogueState withCondemned(MapPSet<ChunkId> newCondemned, long epoch) {
    return with(
        next -> {
          next.condemned = newCondemned;
          next.condemnEpoch = epoch;
        });
  }

  CatalogueState withRetention(Retention newRetention) {
    return with(next -> next.retention = newRetention);
  }

  CatalogueState withStationPages(List<ChunkId> newPages) {
    return with(
        next -> {
          next.stationPages = List.copyOf(newPages);
          next.runsEpoch++;
        });
  }

  CatalogueState withRestore(RestoreParts parts) {
    return with(next -> next.restore = parts);
  }

  CatalogueState withRoster(Roster newRoster) {
    return with(next -> next.roster = newRoster);
  }

  /** With the next commit, made at the state's time. */
  CatalogueState committed() {
    return with(
        next -> {
          next.commit = commit + 1;
          next.retention = retention.committed(commit + 1, timeMicros);
          next.restore = RestoreParts.NONE;
        });
  }

  CatalogueState at(long newTimeMicros) {
    return with(next -> next.timeMicros = newTimeMicros);
  }

  CatalogueState named(String newClusterId) {
    return with(next -> next.clusterId = newClusterId);
  }

  /**
   * What another cluster's catalogue says, as the next state of this one: it keeps its own name and
   * what it is removing and its members, its time does not go back, and its epochs rise above both.
   */
  CatalogueState replacedBy(CatalogueState other) {
    return other.with(
        next -> {
          next.clusterId = clusterId;
          next.timeMicros = Math.max(timeMicros, other.timeMicros);
          next.tokens = other.tokens.expire(next.timeMicros);
          next.condemned = condemned;
          next.condemnEpoch = Math.max(condemnEpoch, other.condemnEpoch) + 1;
          next.runsEpoch = Math.max(runsEpoch, other.runsEpoch) + 1;
          next.restore = RestoreParts.NONE;
          next.roster = roster;
        });
  }

  private CatalogueState with(Consumer<Next> change) {
    var next = new Next(this);
    change.accept(next);
    return next.state();
  }

  /** The fields of a state in the making. */
  private static final class Next {
    String clusterId;
    long commit;
    long timeMicros;
    TreePMap<Day, DayEntry> days;
    PVector<Tombstone> tombstones;
    TokenWindow tokens;
    MapPSet<ChunkId> condemned;
    long condemnEpoch;
    long runsEpoch;
    Retention retention;
    List<ChunkId> stationPages;
    RestoreParts restore;
    Roster roster;

    Next(CatalogueState from) {
      clusterId = from.clusterId;
      commit = from.commit;
      timeMicros = from.timeMicros;
      days = from.days;
      tombstones = from.tombstones;
      tokens = from.tokens;
      condemned = from.condemned;
      condemnEpoch = from.condemnEpoch;
      runsEpoch = from.runsEpoch;
      retention = from.retention;
      stationPages = from.stationPages;
      restore = from.restore;
      roster = from.roster;
    }

    CatalogueState state() {
      return new CatalogueState(
          clusterId,
          commit,
          timeMicros,
          days,
          tombstones,
          tokens,
          condemned,
          condemnEpoch,
          runsEpoch,
          retention,
          stationPages,
          restore,
          roster);
    }
  }
}
