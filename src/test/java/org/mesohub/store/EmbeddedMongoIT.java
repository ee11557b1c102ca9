package org.mesohub.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.mesohub.store.ChunkStoreContract.await;
import static org.mesohub.store.ChunkStoreContract.failure;

import io.vertx.core.Vertx;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.h2.mvstore.DataUtils;
import org.h2.mvstore.MVStoreException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mesohub.segment.ChunkId;
import org.mesohub.store.ChunkStore.Blob;
import org.mesohub.store.StoreException.Reason;

class EmbeddedMongoIT {
  @TempDir Path folder;
  private final Vertx vertx = Vertx.vertx();

  @AfterEach
  void stop() throws Exception {
    await(vertx.close());
  }

  @Test
  void keepsChunksOverARestart() throws Exception {
    List<Blob> blobs = blobs(30, 40_000);
    try (EmbeddedMongo mongo = EmbeddedMongo.open(folder, 0)) {
      await(deploy(mongo).put(blobs));
    }
    try (EmbeddedMongo mongo = EmbeddedMongo.open(folder, 0)) {
      ChunkStore store = deploy(mongo);
      assertThat(await(store.list(null, 100))).hasSize(30);
      for (Blob blob : blobs) {
        assertThat(await(store.get(blob.id()))).isEqualTo(blob.bytes());
      }
      await(store.put(blobs(30, 100)));
      await(store.put(blobs));
      assertThat(await(store.list(null, 100))).hasSize(60);
    }
  }

  @Test
  void aSecondProcessOnTheFolderIsToldSo() {
    try (EmbeddedMongo mongo = EmbeddedMongo.open(folder, 0)) {
      assertThat(mongo.problem()).isEmpty();
      assertThatThrownBy(() -> EmbeddedMongo.open(folder, 0))
          .isInstanceOf(StoreException.class)
          .hasMessageContaining("in use by another process");
    }
  }

  @Test
  void refusesAFolderOfANewerFormat() throws Exception {
    EmbeddedMongo.open(folder, 0).close();
    Files.writeString(folder.resolve("FORMAT"), "mesohub-store 2\n");
    assertThatThrownBy(() -> EmbeddedMongo.open(folder, 0))
        .isInstanceOfSatisfying(
            StoreException.class, e -> assertThat(e.reason()).isEqualTo(Reason.FOREIGN))
        .hasMessageContaining("newer release");
  }

  @Test
  void refusesAFolderOfSomethingElse() throws Exception {
    Files.writeString(folder.resolve("thesis.tex"), "x");
    assertThatThrownBy(() -> EmbeddedMongo.open(folder, 0))
        .isInstanceOfSatisfying(
            StoreException.class, e -> assertThat(e.reason()).isEqualTo(Reason.FOREIGN))
        .hasMessageContaining("empty folder");
  }

  @Test
  void aDataFileThatCannotBeReadIsReportedAsCorrupt() throws Exception {
    EmbeddedMongo.open(folder, 0).close();
    Files.write(folder.resolve("store.mv"), new byte[20_000]);
    assertThatThrownBy(() -> EmbeddedMongo.open(folder, 0))
        .isInstanceOfSatisfying(
            StoreException.class, e -> assertThat(e.reason()).isEqualTo(Reason.CORRUPT));
    assertThatThrownBy(() -> EmbeddedMongo.open(folder, 0)).hasMessageContaining("store.mv");
  }

  @Test
  void aPortInUseIsNamed() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, java.net.InetAddress.getLoopbackAddress())) {
      assertThatThrownBy(() -> EmbeddedMongo.open(folder, taken.getLocalPort()))
          .isInstanceOf(StoreException.class)
          .hasMessageContaining(String.valueOf(taken.getLocalPort()));
    }
    EmbeddedMongo.open(folder, 0).close();
  }

  @Test
  void aStoreThatClosedItselfIsUnhealthyAndSaysSo() throws Exception {
    try (EmbeddedMongo mongo = EmbeddedMongo.open(folder, 0)) {
      ChunkStore store = deploy(mongo);
      Blob blob = blobs(1, 100).get(0);
      await(store.put(List.of(blob)));
      MVStoreException cause =
          new MVStoreException(DataUtils.ERROR_WRITING_FAILED, "out of memory");
      assertThatThrownBy(() -> mongo.store().panic(cause)).isSameAs(cause);

      assertThat(mongo.problem()).hasValueSatisfying(text -> assertThat(text).contains("restart"));
      for (var operation : List.of(store.probe(), store.get(blob.id()), store.put(blobs(1, 100)))) {
        StoreException failure = failure(operation);
        assertThat(failure.reason()).isEqualTo(Reason.UNAVAILABLE);
        assertThat(failure).hasMessageContaining("closed");
      }
    }
  }

  @Test
  void compactionGivesSpaceBack() throws Exception {
    try (EmbeddedMongo mongo = EmbeddedMongo.open(folder, 0)) {
      ChunkStore store = deploy(mongo);
      List<Blob> blobs = blobs(100, 200_000);
      await(store.put(blobs));
      await(store.delete(blobs.subList(0, 90).stream().map(Blob::id).toList()));
      long before = mongo.fileBytes();
      mongo.compact(Duration.ofSeconds(30));
      assertThat(before).isGreaterThan(20_000_000);
      assertThat(mongo.fileBytes()).isLessThan(before / 2);
      assertThat(await(store.get(blobs.get(95).id()))).isEqualTo(blobs.get(95).bytes());
    }
  }

  @Test
  void anUnreachableServerIsUnavailableWithinTheDeadline() throws Exception {
    MongoOptions options;
    try (EmbeddedMongo mongo = EmbeddedMongo.open(folder, 0)) {
      MongoOptions usual = MongoOptions.of(mongo.connectionString());
      options = new MongoOptions(usual.connectionString(), usual.database(), 500, 16, 16);
    }
    StoreException failure = failure(vertx.deployVerticle(new MongoVerticle(options)));
    assertThat(failure.reason()).isEqualTo(Reason.UNAVAILABLE);
  }

  private ChunkStore deploy(EmbeddedMongo mongo) throws Exception {
    MongoVerticle verticle = new MongoVerticle(MongoOptions.of(mongo.connectionString()));
    await(vertx.deployVerticle(verticle));
    return verticle.chunks();
  }

  private static List<Blob> blobs(int count, int bytes) {
    Random random = new Random(count * 31L + bytes);
    return IntStream.range(0, count)
        .mapToObj(
            i -> {
              byte[] content = new byte[bytes];
              random.nextBytes(content);
              return new Blob(ChunkId.of(content), content);
            })
        .toList();
  }
}
