package org.mesohub.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mesohub.store.ChunkStoreContract.await;

import io.vertx.core.Vertx;
import java.io.BufferedReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mesohub.segment.ChunkId;

/**
 * kill -9 of a process that writes, deletes and compacts: all that was acknowledged is there
 * afterwards.
 */
class KillIT {
  @TempDir Path folder;

  @Test
  void losesNothingAcknowledged() throws Exception {
    rounds(3, 1);
  }

  @Test
  @Tag("slow")
  void losesNothingAcknowledgedInManyRounds() throws Exception {
    rounds(30, 100);
  }

  private void rounds(int rounds, long seed) throws Exception {
    Set<String> expected = new HashSet<>();
    for (int round = 0; round < rounds; round++) {
      long roundSeed = seed + round;
      int acknowledged = writeAndKill(roundSeed, expected);
      assertThat(acknowledged).as("batches of seed %d", roundSeed).isPositive();
      check(roundSeed, expected);
    }
  }

  /** Runs the writer for a random number of lines, kills it and notes what it had acknowledged. */
  private int writeAndKill(long seed, Set<String> expected) throws Exception {
    Process writer =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-cp",
                System.getProperty("java.class.path"),
                KillWriter.class.getName(),
                folder.toString(),
                String.valueOf(seed))
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    int linesBeforeKill = 1 + new Random(seed).nextInt(120);
    int lines = 0;
    try (BufferedReader output = writer.inputReader(StandardCharsets.UTF_8)) {
      for (String line = output.readLine(); line != null; line = output.readLine()) {
        boolean whole = line.length() > 2 && (line.length() - 1) % 65 == 0;
        if (whole && line.startsWith("+ ")) {
          expected.addAll(Arrays.asList(line.substring(2).split(" ")));
          lines++;
        } else if (line.startsWith("- ")) {
          Arrays.asList(line.substring(2).split(" ")).forEach(expected::remove);
        }
        if (lines == linesBeforeKill) {
          // Through its handle: the process itself would close the output that is still unread.
          writer.toHandle().destroyForcibly();
        }
      }
    } finally {
      writer.destroyForcibly().waitFor();
    }
    return lines;
  }

  private void check(long seed, Set<String> expected) throws Exception {
    Vertx vertx = Vertx.vertx();
    try (EmbeddedMongo mongo = EmbeddedMongo.open(folder, 0)) {
      MongoVerticle verticle = new MongoVerticle(MongoOptions.of(mongo.connectionString()));
      await(vertx.deployVerticle(verticle));
      for (String id : expected) {
        assertThat(await(verticle.chunks().get(ChunkId.ofHex(id)))).as("seed %d", seed).isNotNull();
      }
      assertThat(await(verticle.chunks().list(null, MongoChunkStore.LIST_MAX)))
          .as("seed %d", seed)
          .extracting(ChunkId::hex)
          .containsAll(expected);
    } finally {
      await(vertx.close());
    }
  }
}
