package org.mesohub.retrieval;

import com.github.benmanes.caffeine.cache.AsyncCache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Scheduler;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.mesohub.api.ApiException;
import org.mesohub.query.ChunkSource;
import org.mesohub.segment.Chunk;
import org.mesohub.segment.ChunkId;
import org.mesohub.segment.Manifest;
import org.mesohub.store.ChunkStore;

/**
 * Chunks and manifests of the store, opened and kept on the heap for a while. Content never changes
 * under an id, so nothing is ever invalidated; entries leave by size and after a minute without
 * use.
 */
public final class CachedChunks implements ChunkSource {
  /** Longest wait for one chunk, milliseconds. */
  private static final long GET_TIMEOUT_MS = 15_000;

  /** Entries unused for this long are dropped, so that an idle node holds little. */
  private static final Duration IDLE_MAX = Duration.ofSeconds(60);

  /** What an opened manifest weighs beside its chunks, bytes: an estimate per chunk named. */
  private static final int MANIFEST_BYTES_PER_CHUNK = 600;

  private record Opened<T>(T value, int weight) {}

  private final ChunkStore store;
  private final AsyncCache<ChunkId, Opened<Chunk>> chunks;
  private final AsyncCache<ChunkId, Opened<Manifest>> manifests;

  /**
   * @param heapBytesMax heap that cached chunks may take, bytes; manifests take up to a quarter of
   *     it beside
   */
  public CachedChunks(ChunkStore store, long heapBytesMax) {
    this.store = store;
    this.chunks = cache(heapBytesMax);
    this.manifests = cache(heapBytesMax / 4);
  }

  private static <T> AsyncCache<ChunkId, Opened<T>> cache(long bytesMax) {
    return Caffeine.newBuilder()
        .maximumWeight(Math.max(1, bytesMax))
        .weigher((ChunkId id, Opened<T> opened) -> opened.weight)
        .expireAfterAccess(IDLE_MAX)
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
    return await(chunkFuture(id), id);
  }

  @Override
  public Chunk inline(ChunkId id, byte[] bytes) {
    return await(chunks.get(id, (ChunkId key) -> opened(Chunk.open(bytes))), id);
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

  private CompletableFuture<Opened<Chunk>> chunkFuture(ChunkId id) {
    return load(chunks, id, bytes -> opened(Chunk.open(bytes)));
  }

  private static Opened<Chunk> opened(Chunk chunk) {
    return new Opened<>(chunk, chunk.heapBytes());
  }

  private <T> CompletableFuture<Opened<T>> load(
      AsyncCache<ChunkId, Opened<T>> cache, ChunkId id, Function<byte[], Opened<T>> open) {
    return cache.get(
        id, (key, executor) -> store.get(key).map(open).toCompletionStage().toCompletableFuture());
  }

  private static <T> T await(CompletableFuture<Opened<T>> future, ChunkId id) {
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
