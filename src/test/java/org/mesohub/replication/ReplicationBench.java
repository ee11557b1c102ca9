package org.mesohub.replication;

import static org.mesohub.store.ChunkStoreContract.await;

import io.vertx.core.Future;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.mesohub.store.ChunkStore;
import org.mesohub.store.ChunkStore.Blob;

/**
 * Puts to three members and to one engine by turns, in one process; to be run by hand: arguments
 * are the rounds and a folder. Prints MB/s of chunks, as a client counts them.
 */
final class ReplicationBench {
  private static final int BATCHES = 16;
  private static final int CHUNKS = 8;
  private static final int CHUNK_BYTES = 500_000;

  private ReplicationBench() {}

  @SuppressWarnings("SystemOut")
  public static void main(String[] args) throws Exception {
    int rounds = Integer.parseInt(args[0]);
    Path folder = Files.createTempDirectory(Path.of(args[1]), "bench");
    try (var cluster = new ChunkCluster(3, folder, ReplicationLimits.USUAL)) {
      ReplicatedChunkStore three = cluster.nodes.get(0).store;
      ChunkStore one = cluster.nodes.get(1).database;
      long seed = 1;
      for (int round = 0; round < rounds; round++) {
        for (int atOnce : new int[] {1, 2, 4}) {
          double single = rate(one, seed++, atOnce);
          double replicated = rate(three, seed++, atOnce);
          System.out.printf(
              Locale.ROOT,
              "round %d, %d at once: one engine %.1f MB/s, three members %.1f MB/s, all copies made: %s%n",
              round,
              atOnce,
              single,
              replicated,
              three.counters().underReplicated().sum() == 0);
        }
      }
    }
  }

  private static double rate(ChunkStore store, long seed, int atOnce) throws Exception {
    List<List<Blob>> batches = new ArrayList<>();
    for (int i = 0; i < BATCHES; i++) {
      batches.add(ChunkCluster.blobs(1_000 * seed + i, CHUNKS, CHUNK_BYTES));
    }
    long begin = System.nanoTime();
    List<Future<Void>> running = new ArrayList<>();
    for (List<Blob> batch : batches) {
      running.add(store.put(batch));
      if (running.size() == atOnce) {
        await(running.remove(0));
      }
    }
    for (Future<Void> put : running) {
      await(put);
    }
    double seconds = (System.nanoTime() - begin) / 1e9;
    return (double) BATCHES * CHUNKS * CHUNK_BYTES / 1e6 / seconds;
  }
}
