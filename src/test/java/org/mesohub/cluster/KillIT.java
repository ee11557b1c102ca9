package org.mesohub.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mesohub.cluster.LedgerMachine.Line;

/** What was acknowledged before a kill -9 is there afterwards: once, at the index that was told. */
class KillIT {
  @TempDir Path folder;

  @Test
  void acknowledgedEntriesSurviveThreeKills() throws Exception {
    killRepeatedly(3, 1);
  }

  @Test
  @Tag("slow")
  void acknowledgedEntriesSurviveThirtyKills() throws Exception {
    killRepeatedly(30, 2);
  }

  private void killRepeatedly(int rounds, long seed) throws Exception {
    Random random = new Random(seed);
    TreeMap<Long, String> acknowledged = new TreeMap<>();
    for (int round = 0; round < rounds; round++) {
      writeAndKill(round, 50 + random.nextInt(1_000), acknowledged);
      try (RaftFixture node = RaftFixture.start(KilledWriter.config(folder))) {
        List<Line> lines = node.machine.lines();
        String where = "seed %d round %d".formatted(seed, round);
        for (int i = 0; i < lines.size(); i++) {
          assertThat(lines.get(i).index()).as(where).isEqualTo(i + 1L);
        }
        assertThat(new HashSet<>(node.machine.entries())).as(where).hasSize(lines.size());
        TreeMap<Long, String> kept = new TreeMap<>();
        lines.forEach(line -> kept.put(line.index(), line.entry()));
        kept.keySet().retainAll(acknowledged.keySet());
        assertThat(kept).as(where).isEqualTo(acknowledged);
      }
    }
  }

  /** Kills after so many acknowledgements; those still in the pipe count as well. */
  private void writeAndKill(int round, int acks, TreeMap<Long, String> acknowledged)
      throws IOException, InterruptedException {
    Process writer =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx128m",
                "-cp",
                System.getProperty("java.class.path"),
                KilledWriter.class.getName(),
                folder.toString(),
                "round" + round)
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try (BufferedReader out =
        new BufferedReader(
            new InputStreamReader(writer.getInputStream(), StandardCharsets.UTF_8))) {
      int seen = 0;
      for (String line = out.readLine(); line != null; line = out.readLine()) {
        String[] parts = line.split(" ");
        if (parts.length < 4) {
          assertThat(out.readLine()).as("lines after the broken one '%s'", line).isNull();
          break; // the kill cut it
        }
        acknowledged.put(Long.parseLong(parts[1]), parts[2]);
        seen++;
        if (seen == acks) {
          writer.toHandle().destroyForcibly(); // leaves the pipe readable
        }
      }
      assertThat(seen).as("acknowledged before the end of the writer").isGreaterThanOrEqualTo(acks);
    } finally {
      writer.destroyForcibly();
      writer.waitFor();
    }
  }
}
