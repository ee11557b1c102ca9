package org.mesohub.catalog;

import java.util.List;
import java.util.Map;
import org.mesohub.observation.Day;
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
    List<ChunkId> stationPages) {

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
        List.of());
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
    return new CatalogueState(
        clusterId,
        commit,
        timeMicros,
        newDays,
        tombstones,
        tokens,
        condemned,
        condemnEpoch,
        runsEpoch + 1,
        retention,
        stationPages);
  }

  CatalogueState withTombstones(PVector<Tombstone> newTombstones) {
    return new CatalogueState(
        clusterId,
        commit,
        timeMicros,
        days,
        newTombstones,
        tokens,
        condemned,
        condemnEpoch,
        runsEpoch,
        retention,
        stationPages);
  }

  CatalogueState withTokens(TokenWindow newTokens) {
    return new CatalogueState(
        clusterId,
        commit,
        timeMicros,
        days,
        tombstones,
        newTokens,
        condemned,
        condemnEpoch,
        runsEpoch,
        retention,
        stationPages);
  }

  CatalogueState withCondemned(MapPSet<ChunkId> newCondemned, long epoch) {
    return new CatalogueState(
        clusterId,
        commit,
        timeMicros,
        days,
        tombstones,
        tokens,
        newCondemned,
        epoch,
        runsEpoch,
        retention,
        stationPages);
  }

  CatalogueState withRetention(Retention newRetention) {
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
        newRetention,
        stationPages);
  }

  CatalogueState withStationPages(List<ChunkId> newPages) {
    return new CatalogueState(
        clusterId,
        commit,
        timeMicros,
        days,
        tombstones,
        tokens,
        condemned,
        condemnEpoch,
        runsEpoch + 1,
        retention,
        List.copyOf(newPages));
  }

  /** With the next commit, made at the state's time. */
  CatalogueState committed() {
    return new CatalogueState(
        clusterId,
        commit + 1,
        timeMicros,
        days,
        tombstones,
        tokens,
        condemned,
        condemnEpoch,
        runsEpoch,
        retention.committed(commit + 1, timeMicros),
        stationPages);
  }

  CatalogueState at(long newTimeMicros) {
    return new CatalogueState(
        clusterId,
        commit,
        newTimeMicros,
        days,
        tombstones,
        tokens,
        condemned,
        condemnEpoch,
        runsEpoch,
        retention,
        stationPages);
  }

  CatalogueState named(String newClusterId) {
    return new CatalogueState(
        newClusterId,
        commit,
        timeMicros,
        days,
        tombstones,
        tokens,
        condemned,
        condemnEpoch,
        runsEpoch,
        retention,
        stationPages);
  }
}
