package org.mesohub.retrieval;

import com.github.benmanes.caffeine.cache.AsyncCache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Scheduler;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.mesohub.api.ApiException;
import org.mesohub.query.ChunkSource;
import org.mesohub.query.DecodedChunk;
import org.mesohub.segment.Chunk;
import org.mesohub.segment.ChunkId;
import org.mesohub.segment.Manifest;
import org.mesohub.store.ChunkStore;

/**
 * Chunks and manifests of the store, opened and kept on the heap for a while, chunks with what was
 * decoded of them. Content never changes under an id, so nothing is ever invalidated; entries leave
 * by size and after a minute without use.
 */
public final class CachedChunks implements ChunkSource {
  /** Longest wait for one chunk, milliseconds. */
  private static final long GET_TIMEOUT_MS = 15_000;

  /** Entries unused for this long are dropped, so that an idle node holds little. */
  private static final Duration IDLE_MAX = Duration.ofSeconds(60);

  /** What an opened manifest weighs beside its chunks, bytes: an estimate per chunk named. */
  private static final int MANIFEST_BYTES_PER_CHUNK = 600;

  /** What an opened chunk weighs beside its bytes: its header. */
  private static final int HEADER_BYTES = 4_096;

  /** What an opened chunk keeps of the places of its rows, bytes a row. */
  private static final int PLACES_BYTES_PER_ROW = 13;

  /** Decoded parts of a chunk are weighed anew when they have grown by this much, bytes. */
  private static final int GROWTH_BYTES = 64 << 10;

  /**
   * An entry.
   *
   * @param weight bytes on the heap
   * @param grown bytes of these that came after it was opened
   */
  private record Opened<T>(T value, int weight, int grown) {
    Opened(T value, int weight) {
      this(value, weight, 0);
    }
  }

  /** A chunk with what readers decoded of it. */
  private record Kept(Chunk chunk, DecodedChunk decoded) {}

  private final ChunkStore store;
  private final long heapBytesMax;
  private final AsyncCache<ChunkId, Opened<Kept>> chunks;
  private final AsyncCache<ChunkId, Opened<Manifest>> manifests;

  /**
   * @param heapBytesMax heap that cached chunks may take, bytes; manifests take up to a quarter of
   *     it beside
   */
  public CachedChunks(ChunkStore store, long heapBytesMax) {
    this.store = store;
    this.heapBytesMax = heapBytesMax;
    this.chunks = cache(heapBytesMax);
    this.manifests = cache(heapBytesMax / 4);
  }

  private static <T> AsyncCache<ChunkId, Opened<T>> cache(long bytesMax) {
    return Caffeine.newBuilder()
        .maximumWeight(Math.max(1, bytesMax))
        .weigher((ChunkId id, Opened<T> opened) -> opened.weight)
        .expireAfterAccess(IDLE_MAX)
        // Its upkeep is short, and handing it to another thread costs more than it does.
        .executor(Runnable::run)
        // Without it entries would stay until somebody used the cache again.
        .scheduler(Scheduler.systemScheduler())
        .buildAsync();
  }

  @Override
  public Manifest manifest(ChunkId id) {
    return await(manifestFuture(id), id);
  }

  @Override
  public Chunk chunk(ChunkId id) {
    return await(chunkFuture(id), id).chunk;
  }

  @Override
  public Chunk inline(ChunkId id, byte[] bytes) {
    return await(
            chunks.get(id, (key, executor) -> CompletableFuture.completedFuture(open(key, bytes))),
            id)
        .chunk;
  }

  @Override
  public @Nullable DecodedChunk decoded(ChunkId id) {
    CompletableFuture<Opened<Kept>> known = chunks.getIfPresent(id);
    return known == null || !known.isDone() || known.isCompletedExceptionally()
        ? null
        : known.join().value.decoded;
  }

  @Override
  public long decodedBytesMax() {
    return heapBytesMax;
  }

  private Opened<Kept> open(ChunkId id, byte[] bytes) {
    Chunk chunk = Chunk.open(bytes);
    int weight = chunk.heapBytes() + HEADER_BYTES + PLACES_BYTES_PER_ROW * chunk.rows();
    var grown = new AtomicInteger();
    var decoded = new DecodedChunk(chunk, more -> grow(id, grown.addAndGet(more), more));
    return new Opened<>(new Kept(chunk, decoded), weight);
  }

  /** Lets the cache know what decoded parts weigh, now and then. */
  private void grow(ChunkId id, int grown, int more) {
    if (grown / GROWTH_BYTES == (grown - more) / GROWTH_BYTES) {
      return;
    }
    chunks
        .synchronous()
        .asMap()
        .computeIfPresent(
            id,
            (key, opened) -> {
              int opening = opened.weight - opened.grown;
              return new Opened<>(opened.value, opening + grown, grown);
            });
  }

  @Override
  public void prefetch(List<ChunkId> ids) {
    ids.forEach(this::chunkFuture);
  }

  @Override
  public void prefetchManifests(List<ChunkId> ids) {
    ids.forEach(this::manifestFuture);
  }

  /** Bytes of chunks on the heap now, an estimate. */
  public long heapBytes() {
    return chunks.synchronous().policy().eviction().stream()
        .mapToLong(e -> e.weightedSize().orElse(0))
        .sum();
  }

  private CompletableFuture<Opened<Manifest>> manifestFuture(ChunkId id) {
    return load(
        manifests,
        id,
        bytes -> {
          Manifest manifest = Manifest.decode(bytes);
          int named = manifest.runs().stream().mapToInt(List::size).sum();
          return new Opened<>(manifest, 256 + named * MANIFEST_BYTES_PER_CHUNK);
        });
  }

  private CompletableFuture<Opened<Kept>> chunkFuture(ChunkId id) {
    return load(chunks, id, bytes -> open(id, bytes));
  }

  private <T> CompletableFuture<Opened<T>> load(
      AsyncCache<ChunkId, Opened<T>> cache, ChunkId id, Function<byte[], Opened<T>> open) {
    return cache.get(
        id, (key, executor) -> store.get(key).map(open).toCompletionStage().toCompletableFuture());
  }

  private static <T> T await(CompletableFuture<Opened<T>> future, ChunkId id) {
    if (future.isDone() && !future.isCompletedExceptionally()) {
      return future.join().value;
    }
    try {
      return future.copy().orTimeout(GET_TIMEOUT_MS, TimeUnit.MILLISECONDS).join().value;
    } catch (CompletionException e) {
      if (e.getCause() instanceof java.util.concurrent.TimeoutException) {
        throw new ApiException(
            ApiException.Reason.UNAVAILABLE,
            "chunk " + id + " did not arrive within " + GET_TIMEOUT_MS + " ms; try again",
            e);
      }
      if (e.getCause() instanceof RuntimeException failure) {
        throw failure;
      }
      throw e;
    }
  }
}
