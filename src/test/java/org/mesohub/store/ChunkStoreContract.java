package org.mesohub.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.mongo.MongoClient;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.mesohub.segment.ChunkId;
import org.mesohub.store.ChunkStore.Blob;
import org.mesohub.store.RejectStore.Rejected;
import org.mesohub.store.StoreException.Reason;

/** What every database below the stores must do, embedded or not. */
abstract class ChunkStoreContract {
  private static final Identity OURS = Identity.of("utah", "a");

  private final Random random = new Random(42);
  private Vertx vertx;
  private MongoVerticle verticle;
  private ChunkStore store;

  /** A client of its own, to look at and to damage what is stored. */
  private MongoClient raw;

  /** An empty database. */
  abstract MongoOptions open() throws Exception;

  abstract MongoVerticle verticle(Vertx vertx, MongoOptions options);

  abstract void close() throws Exception;

  @BeforeEach
  void start() throws Exception {
    MongoOptions options = open();
    vertx = Vertx.vertx();
    verticle = verticle(vertx, options);
    await(vertx.deployVerticle(verticle));
    store = verticle.chunks();
    raw =
        MongoClient.create(
            vertx,
            new JsonObject()
                .put("connection_string", options.connectionString())
                .put("db_name", options.database()));
  }

  @AfterEach
  void stop() throws Exception {
    await(vertx.close());
    close();
  }

  @Test
  void returnsWhatWasPut() throws Exception {
    List<Blob> blobs = blobs(20, 5_000);
    await(store.put(blobs));
    for (Blob blob : blobs) {
      assertThat(await(store.get(blob.id()))).isEqualTo(blob.bytes());
    }
  }

  @Test
  void takesEmptyAndLargestChunksAndMoreThanOneCommandOfThem() throws Exception {
    List<Blob> blobs = new ArrayList<>(blobs(12, 1 << 20));
    blobs.add(blob(new byte[0]));
    blobs.addAll(blobs(2, MongoChunkStore.CHUNK_BYTES_MAX));
    await(store.put(blobs));
    for (Blob blob : blobs) {
      assertThat(await(store.get(blob.id()))).isEqualTo(blob.bytes());
    }
  }

  @Test
  void refusesAChunkBeyondTheLimitAsTheMistakeOfTheCaller() {
    Blob blob = blob(new byte[MongoChunkStore.CHUNK_BYTES_MAX + 1]);
    assertThatThrownBy(() -> store.put(List.of(blob))).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aRemovalThatIsCarriedOutLateDoesNotTakeWhatWasStoredAgain() throws Exception {
    List<Blob> blobs = blobs(3, 2_000);
    List<ChunkId> ids = blobs.stream().map(Blob::id).toList();
    await(store.put(blobs));
    // What a removal that began now, and is carried out in the end, asks of the database.
    JsonArray generations = new JsonArray();
    JsonArray names = new JsonArray();
    for (JsonObject document : await(raw.find(MongoChunkStore.COLLECTION, new JsonObject()))) {
      generations.add(document.getValue(MongoChunkStore.GENERATION));
      names.add(document.getString("_id"));
    }
    JsonObject late =
        new JsonObject()
            .put("_id", new JsonObject().put("$in", names))
            .put(MongoChunkStore.GENERATION, new JsonObject().put("$in", generations));

    await(store.delete(ids));
    assertThat(await(store.present(ids))).isEmpty();
    await(store.put(blobs));
    await(raw.removeDocuments(MongoChunkStore.COLLECTION, late));

    assertThat(await(store.present(ids))).containsExactlyInAnyOrderElementsOf(ids);
    await(store.delete(ids));
    assertThat(await(store.list(null, 10))).isEmpty();
  }

  @Test
  void chunksStoredWithoutAGenerationAreRemovedToo() throws Exception {
    Blob blob = blobs(1, 2_000).get(0);
    await(store.put(List.of(blob)));
    await(
        raw.updateCollection(
            MongoChunkStore.COLLECTION,
            new JsonObject().put("_id", blob.id().hex()),
            new JsonObject().put("$unset", new JsonObject().put(MongoChunkStore.GENERATION, ""))));
    assertThat(await(store.get(blob.id()))).isEqualTo(blob.bytes());
    await(store.delete(List.of(blob.id())));
    assertThat(await(store.list(null, 10))).isEmpty();
  }

  @Test
  void puttingNothingSucceeds() throws Exception {
    await(store.put(List.of()));
    await(store.delete(Set.of()));
    assertThat(await(store.present(Set.of()))).isEmpty();
  }

  @Test
  void puttingAgainChangesNothingAndStoresTheNewOnesOfTheBatch() throws Exception {
    List<Blob> old = blobs(5, 2_000);
    List<Blob> fresh = blobs(5, 2_000);
    await(store.put(old));
    List<Blob> mixed = new ArrayList<>(old);
    mixed.addAll(fresh);
    mixed.add(fresh.get(0));
    Collections.shuffle(mixed, random);
    await(store.put(mixed));
    await(store.put(mixed));
    assertThat(await(store.list(null, 100))).hasSize(10);
    for (Blob blob : mixed) {
      assertThat(await(store.get(blob.id()))).isEqualTo(blob.bytes());
    }
  }

  @Test
  void aChunkThatIsNotThereIsNotFound() {
    assertThat(failure(store.get(ChunkId.of(new byte[] {1}))).reason()).isEqualTo(Reason.NOT_FOUND);
  }

  @Test
  void tellsWhichOfManyAreThere() throws Exception {
    List<Blob> stored = blobs(1_500, 20);
    List<Blob> absent = blobs(1_500, 20);
    await(store.put(stored));
    List<ChunkId> asked = new ArrayList<>(ids(stored));
    asked.addAll(ids(absent));
    Collections.shuffle(asked, random);
    assertThat(await(store.present(asked))).isEqualTo(Set.copyOf(ids(stored)));
  }

  @Test
  void deletesSomeAndKeepsTheRest() throws Exception {
    List<Blob> blobs = new ArrayList<>(blobs(40, 100));
    blobs.addAll(blobs(10, 40_000));
    Collections.shuffle(blobs, random);
    await(store.put(blobs));
    List<ChunkId> gone = ids(blobs.subList(0, 25));
    await(store.delete(gone));
    await(store.delete(gone));
    assertThat(await(store.present(ids(blobs)))).isEqualTo(Set.copyOf(ids(blobs.subList(25, 50))));
    assertThat(failure(store.get(gone.get(3))).reason()).isEqualTo(Reason.NOT_FOUND);
    await(store.put(blobs));
    assertThat(await(store.present(ids(blobs)))).hasSize(50);
    assertThat(await(store.get(gone.get(3)))).isEqualTo(blobs.get(3).bytes());
  }

  @Test
  void listsAllInOrderPageByPage() throws Exception {
    List<Blob> blobs = new ArrayList<>(blobs(230, 30));
    blobs.addAll(blobs(20, 30_000));
    await(store.put(blobs));
    List<ChunkId> listed = new ArrayList<>();
    List<ChunkId> page = await(store.list(null, 37));
    while (!page.isEmpty()) {
      listed.addAll(page);
      page = await(store.list(page.get(page.size() - 1), 37));
    }
    assertThat(listed).isEqualTo(ids(blobs).stream().sorted().toList());
  }

  @Test
  void writersAndReadersAtOnceSeeWholeChunks() throws Exception {
    List<Blob> shared = blobs(10, 10_000);
    List<Future<?>> puts = new ArrayList<>();
    List<Blob> all = new ArrayList<>(shared);
    for (int i = 0; i < 60; i++) {
      List<Blob> batch = new ArrayList<>(blobs(3, 10_000));
      all.addAll(batch);
      batch.add(shared.get(random.nextInt(10)));
      puts.add(store.put(batch).compose(done -> store.get(batch.get(3).id())));
    }
    await(Future.all(puts));
    List<Future<byte[]>> gets = all.stream().map(blob -> store.get(blob.id())).toList();
    await(Future.all(gets));
    assertThat(await(store.list(null, 1_000))).hasSize(new HashSet<>(ids(all)).size());
  }

  @Test
  void noticesContentThatIsNotItsName() throws Exception {
    List<Blob> blobs = new ArrayList<>(blobs(1, 3_000));
    blobs.addAll(blobs(2, 300_000));
    await(store.put(blobs));
    for (int i = 0; i < 2; i++) {
      byte[] damaged = blobs.get(i).bytes().clone();
      damaged[7] ^= 1;
      damage(
          blobs.get(i).id(), new JsonObject().put("b", new JsonObject().put("$binary", damaged)));
    }
    damage(blobs.get(2).id(), new JsonObject().put("b", "text"));
    for (Blob blob : blobs) {
      StoreException failure = failure(store.get(blob.id()));
      assertThat(failure.reason()).isEqualTo(Reason.CORRUPT);
      assertThat(failure).hasMessageContaining(blob.id().hex());
    }
    await(store.delete(ids(blobs)));
    await(store.put(blobs));
    assertThat(await(store.get(blobs.get(1).id()))).isEqualTo(blobs.get(1).bytes());
  }

  @Test
  void probesAndCompactsWhileInUse() throws Exception {
    List<Blob> blobs = blobs(20, 50_000);
    await(store.put(blobs));
    await(store.delete(ids(blobs.subList(0, 15))));
    Future<Void> compacting = store.compact();
    for (int i = 0; i < 10; i++) {
      await(store.probe());
      await(store.put(blobs.subList(i, i + 1)));
    }
    await(compacting);
    assertThat(await(store.present(ids(blobs)))).hasSize(15);
  }

  @Test
  void keepsRejectedRowsNewestPutFirst() throws Exception {
    RejectStore rejects = verticle.rejects();
    assertThat(await(rejects.find(null, 10))).isEmpty();
    List<Rejected> rows = new ArrayList<>();
    for (int put = 0; put < 4; put++) {
      for (int line : new int[] {3, 900, 12}) {
        rows.add(reject(put, line));
      }
    }
    await(rejects.add(rows));
    await(rejects.add(rows));
    assertThat(await(rejects.find(null, 100)))
        .extracting(Rejected::put, Rejected::line)
        .containsExactlyElementsOf(
            IntStream.of(3, 2, 1, 0)
                .boxed()
                .flatMap(p -> IntStream.of(3, 12, 900).mapToObj(l -> tuple(put(p), (long) l)))
                .toList());
    assertThat(await(rejects.find(null, 5)))
        .containsExactly(reject(3, 3), reject(3, 12), reject(3, 900), reject(2, 3), reject(2, 12));
    assertThat(await(rejects.find(put(1), 2))).containsExactly(reject(1, 3), reject(1, 12));
    assertThat(await(rejects.find(put(9), 2))).isEmpty();
  }

  @Test
  void dropsTheOldestRejectedRows() throws Exception {
    RejectStore rejects =
        new MongoRejectStore(
            new Database(raw, new Gate(vertx, MongoOptions.of("mongodb://x"))), 700);
    for (int put = 0; put < 4; put++) {
      int number = put;
      await(rejects.add(IntStream.range(1, 401).mapToObj(l -> reject(number, l)).toList()));
    }
    List<Rejected> kept = await(rejects.find(null, 2_000));
    assertThat(kept).hasSize(700);
    assertThat(kept.get(0)).isEqualTo(reject(3, 1));
    assertThat(kept.get(400)).isEqualTo(reject(2, 101));
  }

  @Test
  void cutsLongRejectedTexts() throws Exception {
    Rejected row = new Rejected(put(1), "s".repeat(600), 1, "r", "t".repeat(5_000), 1);
    await(verticle.rejects().add(List.of(row)));
    Rejected found = await(verticle.rejects().find(null, 1)).get(0);
    assertThat(found.text()).hasSize(512);
    assertThat(found.source()).hasSize(512);
  }

  @Test
  void givesAnEmptyDatabaseToItsOwnerOnly() throws Exception {
    assertThat(await(verticle.claim(OURS))).isEqualTo(OURS);
    assertThat(await(verticle.claim(OURS))).isEqualTo(OURS);
    await(store.put(blobs(1, 10)));
    assertThat(await(verticle.claim(OURS))).isEqualTo(OURS);
    for (Identity other : List.of(Identity.of("utah", "b"), Identity.of("ohio", "a"))) {
      StoreException failure = failure(verticle.claim(other));
      assertThat(failure.reason()).isEqualTo(Reason.FOREIGN);
      assertThat(failure).hasMessageContaining("belongs to node a of cluster utah");
    }
  }

  @Test
  void oneOfSeveralClaimantsGetsAnEmptyDatabase() throws Exception {
    List<Future<Identity>> claims =
        IntStream.range(0, 8).mapToObj(i -> verticle.claim(Identity.of("utah", "n" + i))).toList();
    await(Future.join(claims).otherwiseEmpty());
    assertThat(claims.stream().filter(Future::succeeded)).hasSize(1);
  }

  @Test
  void refusesADatabaseOfANewerFormat() throws Exception {
    await(verticle.claim(new Identity("utah", "a", Identity.FORMAT + 1)));
    StoreException failure = failure(verticle.claim(OURS));
    assertThat(failure.reason()).isEqualTo(Reason.FOREIGN);
    assertThat(failure).hasMessageContaining("newer release");
  }

  @Test
  void refusesADatabaseWithChunksOfNobody() throws Exception {
    await(store.put(blobs(1, 10)));
    assertThat(failure(verticle.claim(OURS)).reason()).isEqualTo(Reason.FOREIGN);
  }

  private void damage(ChunkId id, JsonObject fields) throws Exception {
    await(
        raw.updateCollection(
            MongoChunkStore.COLLECTION,
            new JsonObject().put("_id", id.hex()),
            new JsonObject().put("$set", fields)));
  }

  private List<Blob> blobs(int count, int bytes) {
    return IntStream.range(0, count)
        .mapToObj(
            i -> {
              byte[] content = new byte[bytes];
              random.nextBytes(content);
              return blob(content);
            })
        .toList();
  }

  private static Blob blob(byte[] content) {
    return new Blob(ChunkId.of(content), content);
  }

  private static List<ChunkId> ids(List<Blob> blobs) {
    return blobs.stream().map(Blob::id).toList();
  }

  private static String put(int number) {
    return "01J%023d".formatted(number);
  }

  private static Rejected reject(int put, long line) {
    return new Rejected(put(put), "feed", line, "no such station", "a,b," + line, 1_000_000L + put);
  }

  private static org.assertj.core.groups.Tuple tuple(Object... values) {
    return org.assertj.core.groups.Tuple.tuple(values);
  }

  static StoreException failure(Future<?> future) {
    try {
      await(future);
    } catch (ExecutionException e) {
      return (StoreException) e.getCause();
    } catch (Exception e) {
      throw new AssertionError(e);
    }
    throw new AssertionError("it succeeded");
  }

  static <T> T await(Future<T> future) throws Exception {
    return future.toCompletionStage().toCompletableFuture().get(60, TimeUnit.SECONDS);
  }
}
