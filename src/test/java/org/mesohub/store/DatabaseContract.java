package org.mesohub.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.mongo.MongoClient;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.mesohub.segment.ChunkId;
import org.mesohub.store.ChunkStore.Blob;
import org.mesohub.store.RejectStore.Rejected;
import org.mesohub.store.StoreException.Reason;

/** What every database below the stores must do, embedded or not; the stores over it as well. */
abstract class DatabaseContract extends ChunkStoreContract {
  private static final Identity OURS = Identity.of("utah", "a");

  private Vertx vertx;
  private MongoVerticle verticle;
  private ChunkStore store;

  /** A client of its own, to look at and to damage what is stored. */
  private MongoClient raw;

  /** An empty database. */
  abstract MongoOptions open() throws Exception;

  abstract MongoVerticle verticle(Vertx vertx, MongoOptions options);

  abstract void close() throws Exception;

  @Override
  protected ChunkStore store() {
    return store;
  }

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
  void aRemovalThatIsCarriedOutLateDoesNotTakeWhatReplacedTheChunk() throws Exception {
    Blob blob = blobs(1, 2_000).get(0);
    await(store.put(List.of(blob)));
    JsonObject document = await(raw.find(MongoChunkStore.COLLECTION, new JsonObject())).get(0);
    await(store.replace(blob));
    await(
        raw.removeDocuments(
            MongoChunkStore.COLLECTION,
            new JsonObject()
                .put("_id", blob.id().hex())
                .put(MongoChunkStore.GENERATION, document.getValue(MongoChunkStore.GENERATION))));
    assertThat(await(store.get(blob.id()))).isEqualTo(blob.bytes());
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

  @Override
  protected void damage(ChunkId id, JsonObject fields) throws Exception {
    await(
        raw.updateCollection(
            MongoChunkStore.COLLECTION,
            new JsonObject().put("_id", id.hex()),
            new JsonObject().put("$set", fields)));
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
}
