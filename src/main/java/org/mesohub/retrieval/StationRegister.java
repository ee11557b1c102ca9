package org.mesohub.retrieval;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.mesohub.catalog.CatalogueState;
import org.mesohub.catalog.StationDescription;
import org.mesohub.catalog.StationPages;
import org.mesohub.observation.StationKey;
import org.mesohub.segment.ChunkId;
import org.mesohub.store.ChunkStore;

/** Stations as station lists describe them; those read last are kept for a minute. */
public final class StationRegister {
  /** Longest wait for a page, milliseconds. */
  private static final long GET_TIMEOUT_MS = 15_000;

  /** Descriptions unused for this long are dropped, so that an idle node holds little. */
  private static final Duration IDLE_MAX = Duration.ofSeconds(60);

  private final ChunkStore store;
  private final Cache<List<ChunkId>, SortedMap<StationKey, StationDescription>> read =
      Caffeine.newBuilder().maximumSize(1).expireAfterAccess(IDLE_MAX).build();

  public StationRegister(ChunkStore store) {
    this.store = store;
  }

  /** The descriptions of a pinned state, ascending; blocks. */
  public SortedMap<StationKey, StationDescription> of(CatalogueState state) {
    return state.stationPages().isEmpty()
        ? Collections.emptySortedMap()
        : read.get(state.stationPages(), this::load);
  }

  private SortedMap<StationKey, StationDescription> load(List<ChunkId> pages) {
    var stations = new TreeMap<StationKey, StationDescription>();
    for (ChunkId page : pages) {
      byte[] bytes = Blocking.await(store.get(page), GET_TIMEOUT_MS, "the store");
      StationPages.decode(bytes).forEach(station -> stations.put(station.key(), station));
    }
    return Collections.unmodifiableSortedMap(stations);
  }
}
