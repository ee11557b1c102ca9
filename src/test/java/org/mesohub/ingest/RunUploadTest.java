package org.mesohub.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.mesohub.catalog.RunRef;
import org.mesohub.ingest.IngestWorld.Row;
import org.mesohub.proto.internal.v1.Collected;
import org.mesohub.proto.internal.v1.Condemn;
import org.mesohub.proto.internal.v1.Entry;
import org.mesohub.segment.Chunk;
import org.mesohub.segment.ChunkId;
import org.mesohub.segment.ChunkSummary;
import org.mesohub.segment.Manifest;
import org.mesohub.segment.Origin;
import org.mesohub.segment.Sorter;
import org.mesohub.segment.VersionBatch;

class RunUploadTest {
  private static final int INLINE = IngestLimits.INLINE_BYTES_MAX;

  private final IngestWorld world = new IngestWorld();

  private RunUpload upload() {
    return new RunUpload(world, world.leases, world::state, Runnable::run);
  }

  private static VersionBatch rows(int count, long seed) {
    var random = new Random(seed);
    var rows = new Row[count];
    Arrays.setAll(rows, i -> new Row("S" + i % 50, i / 50, random.nextInt()));
    return Sorter.sort(IngestWorld.batch(rows), Origin.local("s", "")).batch();
  }

  @Test
  void nothing_gives_nothing() {
    assertThat(upload().finish(INLINE)).isNull();
    assertThat(world.stored).isEmpty();
  }

  @Test
  void a_small_chunk_travels_inline_and_is_not_stored() {
    RunUpload upload = upload();
    upload.add(rows(20, 1));
    var body = (RunRef.Body.Inline) upload.finish(INLINE);
    assertThat(Chunk.open(body.chunk()).rows()).isEqualTo(20);
    assertThat(body.id()).isEqualTo(ChunkId.of(body.chunk()));
    assertThat(world.stored).isEmpty();
  }

  @Test
  void other_chunks_are_stored_named_by_a_manifest_and_held_until_let_go_of() {
    for (int count : new int[] {20, 700_000}) {
      RunUpload upload = upload();
      upload.add(rows(count, 2));
      var body = (RunRef.Body.Stored) upload.finish(0);
      List<ChunkSummary> chunks = Manifest.decode(world.stored.get(body.manifest())).runs().get(0);
      assertThat(chunks).hasSize(upload.chunks());
      long rows = 0;
      List<ChunkId> ids = new ArrayList<>(List.of(body.manifest()));
      for (ChunkSummary chunk : chunks) {
        rows += Chunk.open(world.stored.get(chunk.id())).rows();
        ids.add(chunk.id());
      }
      assertThat(rows).isEqualTo(count);
      assertThat(world.stored.keySet()).containsAll(ids);

      world.leases.watch(ids);
      assertThat(world.leases.untouched()).as("while held").isEmpty();
      upload.release();
      world.leases.watch(ids);
      assertThat(world.leases.untouched()).as("let go of").containsExactlyInAnyOrderElementsOf(ids);
    }
  }

  @Test
  void a_store_that_fails_fails_the_upload_and_its_leases_can_be_let_go_of() {
    world.failure = new IllegalStateException("no disk");
    RunUpload upload = upload();
    upload.add(rows(20, 3));
    assertThatThrownBy(() -> upload.finish(0)).hasMessage("no disk");
    upload.release();
    world.failure = null;
    RunUpload again = upload();
    again.add(rows(20, 3));
    var body = (RunRef.Body.Stored) again.finish(0);
    again.release();
    world.leases.watch(Set.of(body.manifest()));
    assertThat(world.leases.untouched()).hasSize(1);
  }

  @Test
  void a_chunk_that_is_being_removed_is_stored_anew_only_afterwards() throws Exception {
    RunUpload first = upload();
    first.add(rows(20, 4));
    ChunkId id = ((RunRef.Body.Stored) first.finish(0)).manifest();
    first.release();
    var condemn =
        Condemn.newBuilder().addChunks(com.google.protobuf.ByteString.copyFrom(id.hash()));
    world.catalogue.propose(Entry.newBuilder().setCondemn(condemn));
    assertThat(world.state().condemned()).containsExactly(id);

    RunUpload wanted = upload();
    wanted.add(rows(20, 4));
    var finishing = java.util.concurrent.CompletableFuture.supplyAsync(() -> wanted.finish(0));
    while (!held(id)) {
      Thread.sleep(1);
    }
    world.delete(List.of(id));
    assertThat(finishing).isNotDone();
    assertThat(world.stored).doesNotContainKey(id);
    var collected = Collected.newBuilder().addChunks(condemn.getChunks(0));
    world.catalogue.propose(Entry.newBuilder().setCollected(collected));
    assertThat(finishing.get(30, java.util.concurrent.TimeUnit.SECONDS))
        .isEqualTo(new RunRef.Body.Stored(id));
    assertThat(world.stored).containsKey(id);
  }

  private boolean held(ChunkId id) {
    world.leases.watch(List.of(id));
    return world.leases.untouched().isEmpty();
  }
}
