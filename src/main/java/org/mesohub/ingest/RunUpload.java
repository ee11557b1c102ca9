package org.mesohub.ingest;

import io.vertx.core.Future;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.mesohub.api.ApiException;
import org.mesohub.catalog.CatalogueState;
import org.mesohub.catalog.RunRef;
import org.mesohub.retrieval.Blocking;
import org.mesohub.segment.ChunkId;
import org.mesohub.segment.ChunkSummary;
import org.mesohub.segment.EncodedChunk;
import org.mesohub.segment.Manifest;
import org.mesohub.segment.VersionBatch;
import org.mesohub.store.ChunkStore;
import org.mesohub.store.ChunkStore.Blob;

/**
 * Encodes sorted rows and stores the chunks while more rows come; at the end names them by a
 * manifest, or keeps a single small chunk for the log entry. Blocks when storage is behind. Holds
 * leases on its chunks until {@link #release}.
 */
public final class RunUpload {
  /** Bytes gathered before they are sent to the store. */
  private static final int BATCH_BYTES = 4 << 20;

  /** Batches on their way to the store at once. */
  private static final int BATCHES_IN_FLIGHT_MAX = 2;

  /** Longest wait for one batch to be durable, milliseconds. */
  private static final long PUT_TIMEOUT_MS = 30_000;

  /** Longest wait for the removal of a condemned chunk that is wanted again, milliseconds. */
  private static final long COLLECT_TIMEOUT_MS = 30_000;

  private final ChunkStore store;
  private final Leases leases;
  private final Supplier<CatalogueState> catalogue;
  private final ChunkTasks encoder;
  private final List<ChunkSummary> summaries = new ArrayList<>();
  private final Set<ChunkId> held = new HashSet<>();
  private final Deque<Future<Void>> inFlight = new ArrayDeque<>();
  private List<Blob> batch = new ArrayList<>();
  private int batchBytes;
  private @Nullable EncodedChunk first;
  private long bytes;

  /**
   * @param workers threads that encode beside the caller's
   */
  public RunUpload(
      ChunkStore store, Leases leases, Supplier<CatalogueState> catalogue, Executor workers) {
    this.store = store;
    this.leases = leases;
    this.catalogue = catalogue;
    this.encoder = new ChunkTasks(workers, this::take);
  }

  /** Adds rows that follow those added before. */
  public void add(VersionBatch sorted) {
    encoder.add(sorted);
  }

  /**
   * Stores the rest; when this returns everything is durable but a chunk that travels inline.
   *
   * @param inlineBytesMax largest chunk that may travel inside the log entry; 0: none
   * @return where the rows are; null when there were none
   */
  public RunRef.@Nullable Body finish(int inlineBytesMax) {
    encoder.finish();
    EncodedChunk single = first;
    if (single == null) {
      return null;
    }
    if (summaries.size() == 1 && bytes <= inlineBytesMax) {
      return new RunRef.Body.Inline(single.summary().id(), single.bytes());
    }
    if (summaries.size() == 1) {
      enqueue(single);
    }
    byte[] manifest = new Manifest(List.of(summaries)).encode();
    ChunkId id = ChunkId.of(manifest);
    hold(id);
    batch.add(new Blob(id, manifest));
    settle();
    return new RunRef.Body.Stored(id);
  }

  /** Adds a page of something else; durable after {@link #settle}. */
  ChunkId addPage(byte[] page) {
    ChunkId id = ChunkId.of(page);
    hold(id);
    batch.add(new Blob(id, page));
    batchBytes += page.length;
    if (batchBytes >= BATCH_BYTES) {
      flush();
    }
    return id;
  }

  /** Waits until everything that was sent is durable. */
  void settle() {
    flush();
    while (!inFlight.isEmpty()) {
      await();
    }
  }

  /** Bytes of the chunks. */
  public long bytes() {
    return bytes;
  }

  /** Number of chunks. */
  public int chunks() {
    return summaries.size();
  }

  /** Lets go of the leases: the catalogue names the chunks now, or nobody will. */
  public void release() {
    leases.release(held);
    held.clear();
  }

  /** The first chunk is held back: it may be the only one, and small. */
  private void take(EncodedChunk chunk) {
    summaries.add(chunk.summary());
    bytes += chunk.bytes().length;
    EncodedChunk held = first;
    if (held == null) {
      first = chunk;
      return;
    }
    if (summaries.size() == 2) {
      enqueue(held);
    }
    enqueue(chunk);
  }

  private void enqueue(EncodedChunk chunk) {
    hold(chunk.summary().id());
    batch.add(new Blob(chunk.summary().id(), chunk.bytes()));
    batchBytes += chunk.bytes().length;
    if (batchBytes >= BATCH_BYTES) {
      flush();
    }
  }

  private void flush() {
    if (inFlight.size() == BATCHES_IN_FLIGHT_MAX) {
      await();
    }
    inFlight.add(store.put(batch));
    batch = new ArrayList<>();
    batchBytes = 0;
  }

  private void await() {
    Blocking.await(inFlight.remove(), PUT_TIMEOUT_MS, "the store");
  }

  private void hold(ChunkId id) {
    if (held.add(id)) {
      leases.hold(id);
    }
    long deadline = System.nanoTime() + COLLECT_TIMEOUT_MS * 1_000_000;
    while (catalogue.get().condemned().contains(id)) {
      if (System.nanoTime() > deadline) {
        throw new ApiException(
            ApiException.Reason.UNAVAILABLE,
            "chunk " + id + " is being removed and wanted again; try again in a minute");
      }
      Blocking.pause(10);
    }
  }
}
