package org.mesohub.store;

import io.vertx.core.Future;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.mesohub.segment.ChunkId;
import org.mesohub.store.StoreException.Reason;

/**
 * Chunks as documents {@code {_id: <64 hex digits>, b: <binary>, g: <number>}} of one collection.
 *
 * <p>The number is different for each time a chunk is stored, and a removal names the ones it has
 * seen: a removal that was given up may still be carried out by the database later, and must not
 * take what has been stored anew since.
 *
 * <p>Storing a chunk again leaves the document as it is, even a corrupt one; {@link #replace}
 * writes it anew.
 */
final class MongoChunkStore implements ChunkStore {
  static final String COLLECTION = "chunks";
  static final String BYTES = "b";
  static final String GENERATION = "g";

  /** Largest chunk taken. */
  static final int CHUNK_BYTES_MAX = 2 << 20;

  /**
   * Chunks of one command, in bytes: well below the 16 MB of a document and the 48 MB of a message.
   */
  static final int BATCH_BYTES_MAX = 4 << 20;

  /** Documents or ids of one command. */
  static final int BATCH_COUNT_MAX = 1_000;

  /** Ids that one listing returns at most. */
  static final int LIST_MAX = 100_000;

  /**
   * Smaller chunks are verified on the event loop: that takes less time than the way to a worker.
   */
  private static final int VERIFY_INLINE_BYTES_MAX = 32 << 10;

  private final Database database;
  private final WorkerExecutor verifiers;
  private final Supplier<Future<Void>> compactor;
  private final AtomicLong probes = new AtomicLong();

  MongoChunkStore(Database database, WorkerExecutor verifiers, Supplier<Future<Void>> compactor) {
    this.database = database;
    this.verifiers = verifiers;
    this.compactor = compactor;
  }

  @Override
  public Future<Void> put(List<Blob> chunks) {
    List<List<Blob>> batches = new ArrayList<>();
    List<Blob> batch = new ArrayList<>();
    int bytes = 0;
    for (Blob chunk : chunks) {
      int length = checkedLength(chunk);
      if (bytes + length > BATCH_BYTES_MAX || batch.size() == BATCH_COUNT_MAX) {
        batches.add(batch);
        batch = new ArrayList<>();
        bytes = 0;
      }
      batch.add(chunk);
      bytes += length;
    }
    if (!batch.isEmpty()) {
      batches.add(batch);
    }
    return oneByOne(
        batches,
        part ->
            database.insertAbsent(
                COLLECTION, part.stream().map(MongoChunkStore::document).toList()));
  }

  @Override
  public Future<Void> replace(Blob chunk) {
    checkedLength(chunk);
    return database.replace(COLLECTION, document(chunk));
  }

  private static int checkedLength(Blob chunk) {
    int length = chunk.bytes().length;
    if (length > CHUNK_BYTES_MAX) {
      throw new IllegalArgumentException(
          "chunk " + chunk.id() + " has " + length + " bytes, at most " + CHUNK_BYTES_MAX);
    }
    return length;
  }

  @Override
  public Future<byte[]> get(ChunkId id) {
    return database
        .find(COLLECTION, id.hex())
        .compose(
            document -> {
              if (document == null) {
                return Future.failedFuture(
                    new StoreException(
                        Reason.NOT_FOUND, "chunk " + id + " is not stored on this node", null));
              }
              byte @Nullable [] bytes = bytes(document);
              if (bytes == null) {
                return Future.failedFuture(corrupt(id));
              }
              return bytes.length <= VERIFY_INLINE_BYTES_MAX
                  ? verify(id, bytes)
                  : verifiers
                      .executeBlocking(() -> ChunkId.of(bytes).equals(id), false)
                      .compose(
                          same ->
                              same
                                  ? Future.succeededFuture(bytes)
                                  : Future.failedFuture(corrupt(id)));
            });
  }

  @Override
  public Future<Set<ChunkId>> present(Collection<ChunkId> ids) {
    Set<ChunkId> found = new HashSet<>();
    return oneByOne(
            parts(ids),
            part ->
                database
                    .present(COLLECTION, part)
                    .onSuccess(hits -> hits.forEach(hex -> found.add(ChunkId.ofHex(hex))))
                    .mapEmpty())
        .map(found);
  }

  @Override
  public Future<Void> delete(Collection<ChunkId> ids) {
    return oneByOne(
        parts(ids),
        part ->
            database
                .values(COLLECTION, part, GENERATION)
                .compose(seen -> database.delete(COLLECTION, part, GENERATION, seen)));
  }

  @Override
  public Future<List<ChunkId>> list(@Nullable ChunkId after, int limit) {
    if (limit < 1 || limit > LIST_MAX) {
      throw new IllegalArgumentException("limit " + limit + " is not in 1.." + LIST_MAX);
    }
    return database
        .ids(COLLECTION, after == null ? "" : after.hex(), null, false, limit)
        .map(ids -> ids.stream().map(ChunkId::ofHex).toList());
  }

  @Override
  public Future<Long> count() {
    return database.size(COLLECTION);
  }

  @Override
  public Future<Void> compact() {
    return compactor.get();
  }

  @Override
  public Future<Void> probe() {
    long number = probes.incrementAndGet();
    JsonObject document = new JsonObject().put(Database.ID, "probe").put("n", number);
    return database
        .replace(IdentityClaim.COLLECTION, document)
        .compose(written -> database.find(IdentityClaim.COLLECTION, "probe"))
        .compose(
            found ->
                // A probe that ran at the same time may have replaced it.
                found != null && found.getLong("n") != null
                    ? Future.succeededFuture()
                    : Future.failedFuture(
                        new StoreException(
                            Reason.UNAVAILABLE,
                            "the database lost a document that it had acknowledged. Check its"
                                + " disk.",
                            null)));
  }

  private static JsonObject document(Blob chunk) {
    return new JsonObject()
        .put(Database.ID, chunk.id().hex())
        .put(BYTES, new JsonObject().put("$binary", chunk.bytes()))
        .put(GENERATION, ThreadLocalRandom.current().nextLong());
  }

  private static byte @Nullable [] bytes(JsonObject document) {
    return document.getValue(BYTES) instanceof JsonObject binary
        ? binary.getBinary("$binary")
        : null;
  }

  private static Future<byte[]> verify(ChunkId id, byte[] bytes) {
    return ChunkId.of(bytes).equals(id)
        ? Future.succeededFuture(bytes)
        : Future.failedFuture(corrupt(id));
  }

  private static StoreException corrupt(ChunkId id) {
    return new StoreException(
        Reason.CORRUPT,
        "chunk "
            + id
            + " does not have the content it is named after. Check the disk; scrub fetches it from"
            + " another node.",
        null);
  }

  private static List<List<String>> parts(Collection<ChunkId> ids) {
    List<String> all = ids.stream().map(ChunkId::hex).distinct().toList();
    List<List<String>> parts = new ArrayList<>();
    for (int from = 0; from < all.size(); from += BATCH_COUNT_MAX) {
      parts.add(all.subList(from, Math.min(from + BATCH_COUNT_MAX, all.size())));
    }
    return parts;
  }

  private static <T> Future<Void> oneByOne(List<T> parts, Function<T, Future<Void>> step) {
    Future<Void> done = Future.succeededFuture();
    for (T part : parts) {
      done = done.compose(ended -> step.apply(part));
    }
    return done;
  }
}
