package org.mesohub.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mesohub.node.HaltingNode.Fate;
import org.mesohub.node.HaltingNode.Moment;
import org.mesohub.node.OracleWorld.Key;
import org.mesohub.node.OracleWorld.Row;
import org.mesohub.proto.v1.PutResponse;
import org.mesohub.proto.v1.QueryRequest;
import org.mesohub.proto.v1.Selection;

/**
 * A node of its own process that ends between two given steps of a put: what it acknowledged is
 * whole, the put under way is whole or absent as the step says, and the same token brings it to one
 * result.
 */
class HaltIT {
  private static final long MIDNIGHT = 1_521_158_400_000_000L;

  /** Too much for a log entry: goes to the store as chunks and a manifest. */
  private static final int BIG = 45_000;

  private static final int SMALL = 50;
  private static final long MINUTE = 60_000_000;

  /** One of three puts goes to the store. */
  private static final int BIG_EVERY = 3;

  /** Puts that a node never gets to: the moment is long past then. */
  private static final int PUTS_MAX = 60;

  @TempDir Path folder;

  /** Puts whose rows are stored, by token sequence. */
  private final Set<Long> stored = new HashSet<>();

  private long sequence;

  @Test
  void a_put_is_whole_or_absent_whatever_step_the_node_ended_at() throws Exception {
    for (Moment moment : List.of(Moment.BEFORE_ENTRY, Moment.AFTER_ENTRY)) {
      round(moment, 0);
    }
  }

  @Test
  @Tag("slow")
  void a_put_is_whole_or_absent_whatever_step_the_node_ended_at_many_times() throws Exception {
    Random random = new Random(2);
    for (int round = 0; round < 4; round++) {
      for (Moment moment : Moment.values()) {
        round(moment, random.nextInt(6));
      }
      collect();
    }
  }

  private void round(Moment moment, int passed) throws Exception {
    String where = "%s after %d, puts from %d".formatted(moment, passed, sequence + 1);
    long broken = putUntilHalt(moment, passed, where);
    try (var node = new NodeFixture(folder)) {
      int rows = node.rows(query(broken).build()).size();
      assertThat(rows).as(where).isIn(0, size(broken));
      boolean kept = rows > 0;
      if (moment.fate != Fate.OPEN) {
        assertThat(kept).as(where).isEqualTo(moment.fate == Fate.KEPT);
      }
      check(node, where, kept ? broken : 0);

      byte[] file = file(broken);
      PutResponse again = node.put(file, broken);
      assertThat(again.getReplayed()).as(where).isEqualTo(kept);
      assertThat(again.getStored()).as(where).isEqualTo(size(broken));
      stored.add(broken);
      check(node, where, 0);
      assertThat(node.put(file, broken))
          .as(where)
          .isEqualTo(again.toBuilder().setReplayed(true).build());
    }
  }

  /** What commits that never came left in the store is collected; nothing else is. */
  private void collect() {
    try (var node = new NodeFixture(folder)) {
      node.compact();
      check(node, "collected", 0);
    }
  }

  /** Puts one file after the other; gives the one that the node's end broke. */
  private long putUntilHalt(Moment moment, int passed, String where) throws Exception {
    Process process = start(moment, passed);
    try (var output = process.inputReader(StandardCharsets.UTF_8);
        var node = new NodeFixture(Integer.parseInt(output.readLine()))) {
      for (int i = 0; i < PUTS_MAX; i++) {
        sequence++;
        try {
          node.put(file(sequence), sequence);
        } catch (RuntimeException broken) {
          assertThat(process.waitFor()).as(where).isEqualTo(HaltingNode.HALTED);
          return sequence;
        }
        stored.add(sequence);
      }
      throw new AssertionError(where + ": the moment never came");
    } finally {
      process.destroyForcibly().waitFor();
    }
  }

  private Process start(Moment moment, int passed) throws Exception {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx512m",
            "-cp",
            System.getProperty("java.class.path"),
            HaltingNode.class.getName(),
            folder.toString(),
            moment.name(),
            String.valueOf(passed))
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
  }

  /** All that is stored is whole and there is nothing else but one put more, if any. */
  private void check(NodeFixture node, String where, long more) {
    Set<Long> expected = new HashSet<>(stored);
    if (more != 0) {
      expected.add(more);
    }
    for (long put : expected) {
      assertThat(node.count(query(put))).as("%s: put %d", where, put).isEqualTo(size(put));
    }
    assertThat(node.count(QueryRequest.newBuilder()))
        .as(where)
        .isEqualTo(expected.stream().mapToLong(HaltIT::size).sum());
  }

  /** The rows of a put: each has a station of its own. */
  private static QueryRequest.Builder query(long put) {
    return QueryRequest.newBuilder().setSelection(Selection.newBuilder().addStations(station(put)));
  }

  private static int size(long put) {
    return put % BIG_EVERY == 1 ? BIG : SMALL;
  }

  private static String station(long put) {
    return "P" + put;
  }

  /** Rows of consecutive minutes, with values that no codec makes small. */
  private static byte[] file(long put) {
    Random random = new Random(put);
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < size(put); i++) {
      var key = new Key("1", station(put), MIDNIGHT + i * MINUTE);
      rows.add(new Row(key, Map.of("TMPF", "%.2f".formatted(random.nextInt(10_000) / 100.0))));
    }
    return OracleWorld.file(List.of("TMPF"), rows);
  }
}
