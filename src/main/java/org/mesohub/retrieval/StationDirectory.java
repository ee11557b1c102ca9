package org.mesohub.retrieval;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Scheduler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.mesohub.api.NodeApi.StationInfo;
import org.mesohub.catalog.CatalogueState;
import org.mesohub.catalog.DayEntry;
import org.mesohub.catalog.RunRef;
import org.mesohub.catalog.StationDescription;
import org.mesohub.observation.StationKey;
import org.mesohub.observation.TimeRange;
import org.mesohub.query.BoundingBox;
import org.mesohub.query.ChunkSource;
import org.mesohub.query.Selection;
import org.mesohub.query.StationSummary;
import org.mesohub.segment.Chunk;
import org.mesohub.segment.ChunkId;
import org.mesohub.segment.ChunkSummary;

/**
 * The stations that have rows, from summaries kept per chunk: a chunk is read for this once,
 * however often stations are asked for. And those that station lists describe, with rows or
 * without.
 */
public final class StationDirectory {
  /** Stands for the rows of a station that has none. */
  private static final StationSummary NOT_SEEN =
      new StationSummary(new StationKey("", ""), 0, 0, 0, "", "", "");

  /** What no list describes. */
  private static final StationDescription NOT_DESCRIBED =
      new StationDescription(new StationKey("", ""), "", "", "", "", "", "", "", "", "");

  /** Station summaries kept; about 200 bytes each. */
  private static final long SUMMARIES_MAX = 100_000;

  /** Summaries unused for this long are dropped: stations are asked for now and then. */
  private static final Duration IDLE_MAX = Duration.ofMinutes(10);

  private final ChunkSource chunks;
  private final StationRegister register;
  private final Cache<ChunkId, List<StationSummary>> summaries =
      Caffeine.newBuilder()
          .maximumWeight(SUMMARIES_MAX)
          .weigher((ChunkId id, List<StationSummary> list) -> 1 + list.size())
          .expireAfterAccess(IDLE_MAX)
          .scheduler(Scheduler.systemScheduler())
          .build();

  public StationDirectory(ChunkSource chunks, StationRegister register) {
    this.register = register;
    this.chunks = chunks;
  }

  /**
   * Stations selected, ascending; blocks. Of a selection the stations, networks and bounding box
   * count.
   */
  public List<StationInfo> list(CatalogueState state, Selection selection) {
    Map<StationKey, StationSummary> stations = new TreeMap<>();
    Map<RunRef, Boolean> seen = new HashMap<>();
    Set<ChunkId> taken = new HashSet<>();
    for (DayEntry day : state.days().values()) {
      for (RunRef run : day.runs()) {
        if (seen.put(run, true) == null) {
          add(state, run, selection, stations, taken);
        }
      }
    }
    Map<StationKey, StationInfo> infos = new TreeMap<>();
    Map<StationKey, StationDescription> described = register.of(state);
    stations.values().forEach(rows -> infos.put(rows.key(), info(rows, described.get(rows.key()))));
    described.forEach(
        (key, station) -> {
          if (selects(selection, key)) {
            infos.computeIfAbsent(key, absent -> info(NOT_SEEN, station));
          }
        });
    return infos.values().stream().filter(info -> inside(selection.bbox(), info)).toList();
  }

  private void add(
      CatalogueState state,
      RunRef run,
      Selection selection,
      Map<StationKey, StationSummary> stations,
      Set<ChunkId> taken) {
    List<StationSummary> found = new ArrayList<>();
    if (run.body() instanceof RunRef.Body.Stored stored) {
      for (List<ChunkSummary> chunkRun : chunks.manifest(stored.manifest()).runs()) {
        for (ChunkSummary chunk : chunkRun) {
          if (taken.add(chunk.id())) {
            found.addAll(summaries.get(chunk.id(), id -> StationSummary.of(chunks.chunk(id))));
          }
        }
      }
    } else {
      var inline = (RunRef.Body.Inline) run.body();
      if (taken.add(inline.id())) {
        found.addAll(
            summaries.get(inline.id(), id -> StationSummary.of(Chunk.open(inline.chunk()))));
      }
    }
    for (StationSummary summary : found) {
      if (selects(selection, summary.key()) && !isDeleted(state, run, summary)) {
        stations.merge(summary.key(), summary, StationSummary::plus);
      }
    }
  }

  private static boolean selects(Selection selection, StationKey key) {
    return (selection.networks().isEmpty() || selection.networks().contains(key.network()))
        && (selection.stations().isEmpty()
            || selection.stations().stream().anyMatch(s -> s.matches(key)));
  }

  /** Whether a deletion hides every row of a summary. */
  private static boolean isDeleted(CatalogueState state, RunRef run, StationSummary summary) {
    var span = new TimeRange(summary.firstMicros(), summary.lastMicros() + 1);
    return state.tombstones().stream()
        .anyMatch(
            tombstone ->
                tombstone.commit() > run.commit()
                    && tombstone.covers(summary.key())
                    && tombstone.range().intersect(span).equals(span));
  }

  private static boolean inside(@Nullable BoundingBox bbox, StationInfo info) {
    if (bbox == null) {
      return true;
    }
    return !info.latitude().isEmpty()
        && !info.longitude().isEmpty()
        && bbox.contains(Double.parseDouble(info.longitude()), Double.parseDouble(info.latitude()));
  }

  /** Rows tell where their station is; a description only where they do not. */
  private static StationInfo info(StationSummary rows, @Nullable StationDescription described) {
    StationDescription list = described == null ? NOT_DESCRIBED : described;
    boolean placed = !rows.latitude().isEmpty() && !rows.longitude().isEmpty();
    return new StationInfo(
        described == null ? rows.key() : described.key(),
        placed ? rows.latitude() : list.latitude(),
        placed ? rows.longitude() : list.longitude(),
        rows.elevation().isEmpty() ? list.elevation() : rows.elevation(),
        rows.firstMicros(),
        rows.lastMicros(),
        rows.rows(),
        list.name(),
        list.state(),
        list.country(),
        list.networkName(),
        list.status(),
        list.source());
  }
}
