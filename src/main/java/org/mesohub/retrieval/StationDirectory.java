package org.mesohub.retrieval;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.mesohub.api.NodeApi.StationInfo;
import org.mesohub.catalog.CatalogueState;
import org.mesohub.catalog.DayEntry;
import org.mesohub.catalog.RunRef;
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
 * however often stations are asked for.
 */
public final class StationDirectory {
  /** Station summaries kept; about 200 bytes each. */
  private static final long SUMMARIES_MAX = 100_000;

  private final ChunkSource chunks;
  private final Cache<ChunkId, List<StationSummary>> summaries =
      Caffeine.newBuilder()
          .maximumWeight(SUMMARIES_MAX)
          .weigher((ChunkId id, List<StationSummary> list) -> 1 + list.size())
          .build();

  public StationDirectory(ChunkSource chunks) {
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
    List<StationInfo> infos = new ArrayList<>();
    stations.values().stream()
        .filter(summary -> inside(selection.bbox(), summary))
        .forEach(summary -> infos.add(info(summary)));
    return infos;
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

  private static boolean inside(
      @org.jspecify.annotations.Nullable BoundingBox bbox, StationSummary summary) {
    if (bbox == null) {
      return true;
    }
    return !summary.latitude().isEmpty()
        && !summary.longitude().isEmpty()
        && bbox.contains(
            Double.parseDouble(summary.longitude()), Double.parseDouble(summary.latitude()));
  }

  private static StationInfo info(StationSummary summary) {
    return new StationInfo(
        summary.key(),
        summary.latitude(),
        summary.longitude(),
        summary.elevation(),
        summary.firstMicros(),
        summary.lastMicros(),
        summary.rows(),
        "",
        "",
        "");
  }
}
