package org.mesohub.upkeep;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.mesohub.catalog.CatalogueState;
import org.mesohub.catalog.DayEntry;
import org.mesohub.catalog.RunRef;
import org.mesohub.query.ChunkSource;
import org.mesohub.segment.ChunkId;

/**
 * What a catalogue refers to in the store.
 *
 * @param chunkBytes encoded size by data chunk
 * @param manifests ids of the manifests, and of the pages with station descriptions
 * @param inlineBytes bytes of chunks inside the catalogue
 */
public record Inventory(
    Map<ChunkId, Integer> chunkBytes, Set<ChunkId> manifests, long inlineBytes) {
  /** Reads every manifest of a state; blocks. */
  public static Inventory of(CatalogueState state, ChunkSource chunks) {
    Set<RunRef> runs = new HashSet<>();
    for (DayEntry entry : state.days().values()) {
      runs.addAll(entry.runs());
    }
    Map<ChunkId, Integer> chunkBytes = new HashMap<>();
    Set<ChunkId> manifests = new HashSet<>(state.stationPages());
    long inlineBytes = 0;
    for (RunRef run : runs) {
      if (run.body() instanceof RunRef.Body.Stored stored) {
        manifests.add(stored.manifest());
        chunks
            .manifest(stored.manifest())
            .runs()
            .forEach(r -> r.forEach(chunk -> chunkBytes.put(chunk.id(), chunk.bytes())));
      } else {
        inlineBytes += ((RunRef.Body.Inline) run.body()).chunk().length;
      }
    }
    return new Inventory(chunkBytes, manifests, inlineBytes);
  }

  /** Whether the state refers to an id. */
  public boolean refersTo(ChunkId id) {
    return chunkBytes.containsKey(id) || manifests.contains(id);
  }

  /** Encoded bytes of all data chunks, stored and inline. */
  public long bytes() {
    return inlineBytes + chunkBytes.values().stream().mapToLong(Integer::longValue).sum();
  }
}
