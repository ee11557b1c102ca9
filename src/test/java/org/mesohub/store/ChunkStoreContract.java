package org.mesohub.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.mesohub.segment.ChunkId;
import org.mesohub.store.ChunkStore.Blob;
import org.mesohub.store.StoreException.Reason;

/** What every {@link ChunkStore} must do. */
public abstract class ChunkStoreContract {
  private static final int CHUNK_BYTES_MAX = 2 << 20;

  protected final Random random = new Random(42);

  /** The store under test, empty before each. */
  protected abstract ChunkStore store();

  /** Sets fields of a chunk's document in the database below, or in each of them. */
  protected abstract void damage(ChunkId id, JsonObject fields) throws Exception;

  @Test
  void returnsWhatWasPut() throws Exception {
    List<Blob> blobs = blobs(20, 5_000);
    await(store().put(blobs));
    for (Blob blob : blobs) {
      assertThat(await(store().get(blob.id()))).isEqualTo(blob.bytes());
    }
  }

  @Test
  void takesEmptyAndLargestChunksAndMoreThanOneCommandOfThem() throws Exception {
    List<Blob> blobs = new ArrayList<>(blobs(12, 1 << 20));
    blobs.add(blob(new byte[0]));
    blobs.addAll(blobs(2, CHUNK_BYTES_MAX));
    await(store().put(blobs));
    for (Blob blob : blobs) {
      assertThat(await(store().get(blob.id()))).isEqualTo(blob.bytes());
    }
  }

  @Test
  void refusesAChunkBeyondTheLimitAsTheMistakeOfTheCaller() {
    Blob blob = blob(new byte[CHUNK_BYTES_MAX + 1]);
    assertThatThrownBy(() -> store().put(List.of(blob)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void puttingNothingSucceeds() throws Exception {
    await(store().put(List.of()));
    await(store().delete(Set.of()));
    assertThat(await(store().present(Set.of()))).isEmpty();
  }

  @Test
  void puttingAgainChangesNothingAndStoresTheNewOnesOfTheBatch() throws Exception {
    List<Blob> old = blobs(5, 2_000);
    List<Blob> fresh = blobs(5, 2_000);
    await(store().put(old));
    List<Blob> mixed = new ArrayList<>(old);
    mixed.addAll(fresh);
    mixed.add(fresh.get(0));
    Collections.shuffle(mixed, random);
    await(store().put(mixed));
    await(store().put(mixed));
    assertThat(await(store().list(null, 100))).hasSize(10);
    for (Blob blob : mixed) {
      assertThat(await(store().get(blob.id()))).isEqualTo(blob.bytes());
    }
  }

  @Test
  void aChunkThatIsNotThereIsNotFound() {
    assertThat(failure(store().get(ChunkId.of(new byte[] {1}))).reason())
        .isEqualTo(Reason.NOT_FOUND);
  }

  @Test
  void tellsWhichOfManyAreThere() throws Exception {
    List<Blob> stored = blobs(1_500, 20);
    List<Blob> absent = blobs(1_500, 20);
    await(store().put(stored));
    List<ChunkId> asked = new ArrayList<>(ids(stored));
    asked.addAll(ids(absent));
    Collections.shuffle(asked, random);
    assertThat(await(store().present(asked))).isEqualTo(Set.copyOf(ids(stored)));
  }

  @Test
  void deletesSomeAndKeepsTheRest() throws Exception {
    List<Blob> blobs = new ArrayList<>(blobs(40, 100));
    blobs.addAll(blobs(10, 40_000));
    Collections.shuffle(blobs, random);
    await(store().put(blobs));
    List<ChunkId> gone = ids(blobs.subList(0, 25));
    await(store().delete(gone));
    await(store().delete(gone));
    assertThat(await(store().present(ids(blobs))))
        .isEqualTo(Set.copyOf(ids(blobs.subList(25, 50))));
    assertThat(failure(store().get(gone.get(3))).reason()).isEqualTo(Reason.NOT_FOUND);
    await(store().put(blobs));
    assertThat(await(store().present(ids(blobs)))).hasSize(50);
    assertThat(await(store().get(gone.get(3)))).isEqualTo(blobs.get(3).bytes());
  }

  @Test
  void listsAllInOrderPageByPage() throws Exception {
    List<Blob> blobs = new ArrayList<>(blobs(230, 30));
    blobs.addAll(blobs(20, 30_000));
    await(store().put(blobs));
    List<ChunkId> listed = new ArrayList<>();
    List<ChunkId> page = await(store().list(null, 37));
    while (!page.isEmpty()) {
      listed.addAll(page);
      page = await(store().list(page.get(page.size() - 1), 37));
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
      puts.add(store().put(batch).compose(done -> store().get(batch.get(3).id())));
    }
    await(Future.all(puts));
    List<Future<byte[]>> gets = all.stream().map(blob -> store().get(blob.id())).toList();
    await(Future.all(gets));
    assertThat(await(store().list(null, 1_000))).hasSize(new HashSet<>(ids(all)).size());
  }

  @Test
  void noticesContentThatIsNotItsName() throws Exception {
    List<Blob> blobs = new ArrayList<>(blobs(1, 3_000));
    blobs.addAll(blobs(2, 300_000));
    await(store().put(blobs));
    for (int i = 0; i < 2; i++) {
      byte[] damaged = blobs.get(i).bytes().clone();
      damaged[7] ^= 1;
      damage(
          blobs.get(i).id(), new JsonObject().put("b", new JsonObject().put("$binary", damaged)));
    }
    damage(blobs.get(2).id(), new JsonObject().put("b", "text"));
    for (Blob blob : blobs) {
      StoreException failure = failure(store().get(blob.id()));
      assertThat(failure.reason()).isEqualTo(Reason.CORRUPT);
      assertThat(failure).hasMessageContaining(blob.id().hex());
    }
    await(store().delete(ids(blobs)));
    await(store().put(blobs));
    assertThat(await(store().get(blobs.get(1).id()))).isEqualTo(blobs.get(1).bytes());
  }

  @Test
  void probesAndCompactsWhileInUse() throws Exception {
    List<Blob> blobs = blobs(20, 50_000);
    await(store().put(blobs));
    await(store().delete(ids(blobs.subList(0, 15))));
    Future<Void> compacting = store().compact();
    for (int i = 0; i < 10; i++) {
      await(store().probe());
      await(store().put(blobs.subList(i, i + 1)));
    }
    await(compacting);
    assertThat(await(store().present(ids(blobs)))).hasSize(15);
  }

  @Test
  void replacesWhatIsCorruptAndWhatIsNotThere() throws Exception {
    List<Blob> blobs = new ArrayList<>(blobs(2, 3_000));
    blobs.addAll(blobs(2, 300_000));
    await(store().put(blobs.subList(0, 3)));
    damage(
        blobs.get(0).id(),
        new JsonObject().put("b", new JsonObject().put("$binary", new byte[] {1, 2, 3})));
    damage(blobs.get(2).id(), new JsonObject().put("b", "text"));
    for (Blob blob : blobs) {
      await(store().replace(blob));
      assertThat(await(store().get(blob.id()))).isEqualTo(blob.bytes());
    }
    assertThat(await(store().list(null, 10))).hasSize(4);
  }

  protected List<Blob> blobs(int count, int bytes) {
    return IntStream.range(0, count)
        .mapToObj(
            i -> {
              byte[] content = new byte[bytes];
              random.nextBytes(content);
              return blob(content);
            })
        .toList();
  }

  protected static Blob blob(byte[] content) {
    return new Blob(ChunkId.of(content), content);
  }

  protected static List<ChunkId> ids(List<Blob> blobs) {
    return blobs.stream().map(Blob::id).toList();
  }

  public static StoreException failure(Future<?> future) {
    try {
      await(future);
    } catch (ExecutionException e) {
      return (StoreException) e.getCause();
    } catch (Exception e) {
      throw new AssertionError(e);
    }
    throw new AssertionError("it succeeded");
  }

  public static <T> T await(Future<T> future) throws Exception {
    return future.toCompletionStage().toCompletableFuture().get(60, TimeUnit.SECONDS);
  }
}
