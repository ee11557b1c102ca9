package org.mesohub.query;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.mesohub.catalog.RunRef;
import org.mesohub.observation.StationKey;
import org.mesohub.segment.Chunk;
import org.mesohub.segment.ChunkSummary;

/**
 * One chunk of a run, as the planner sees it.
 *
 * @param run position of the run within its reference
 * @param inline the chunk's bytes when the catalogue holds them, else null
 */
@SuppressWarnings("ArrayRecordComponent")
record Part(RunRef ref, int run, ChunkSummary summary, byte @Nullable [] inline) {
  /** The chunks of a reference; reads its manifest, or opens the chunk that the catalogue holds. */
  static List<Part> of(RunRef ref, ChunkSource source) {
    if (ref.body() instanceof RunRef.Body.Inline in) {
      return List.of(new Part(ref, 0, summary(in, source), in.chunk()));
    }
    var stored = (RunRef.Body.Stored) ref.body();
    var parts = new ArrayList<Part>();
    List<List<ChunkSummary>> runs = source.manifest(stored.manifest()).runs();
    for (int run = 0; run < runs.size(); run++) {
      for (ChunkSummary summary : runs.get(run)) {
        parts.add(new Part(ref, run, summary, null));
      }
    }
    return parts;
  }

  Chunk open(ChunkSource source) {
    return inline == null ? source.chunk(summary.id()) : source.inline(summary.id(), inline);
  }

  /** What a manifest would say of an inline chunk. */
  private static ChunkSummary summary(RunRef.Body.Inline in, ChunkSource source) {
    Chunk chunk = source.inline(in.id(), in.chunk());
    DecodedChunk decoded = source.decoded(in.id());
    ChunkSummary known = decoded == null ? null : decoded.summary();
    if (known == null) {
      known = summary(in, chunk);
      if (decoded != null) {
        decoded.keep(known);
      }
    }
    return known;
  }

  private static ChunkSummary summary(RunRef.Body.Inline in, Chunk chunk) {
    long timeMin = Long.MAX_VALUE;
    long timeMax = Long.MIN_VALUE;
    boolean single = true;
    for (int b = 0; b < chunk.blocks(); b++) {
      Chunk.Block block = chunk.block(b);
      timeMin = Math.min(timeMin, block.timeMinMicros());
      timeMax = Math.max(timeMax, block.timeMaxMicros());
      single &=
          block.singleVersions() && (b == 0 || !chunk.block(b - 1).last().equals(block.first()));
    }
    var networks = new TreeSet<String>();
    for (StationKey station : chunk.stations()) {
      networks.add(station.network());
    }
    return new ChunkSummary(
        in.id(),
        in.chunk().length,
        chunk.rows(),
        chunk.block(0).first(),
        chunk.block(chunk.blocks() - 1).last(),
        timeMin,
        timeMax,
        List.copyOf(networks),
        chunk.columns(),
        single);
  }
}
