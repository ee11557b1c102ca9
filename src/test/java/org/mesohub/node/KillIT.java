package org.mesohub.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mesohub.node.OracleWorld.Key;
import org.mesohub.node.OracleWorld.Row;
import org.mesohub.proto.v1.PutResponse;
import org.mesohub.proto.v1.QueryRequest;
import org.mesohub.proto.v1.Selection;

/**
 * kill -9 of a whole node amid puts and compactions: acknowledged puts are whole, others absent or
 * whole.
 */
class KillIT {
  private static final long TEN_OCLOCK = 1_521_194_400_000_000L;
  private static final int BIG = 40_000;
  private static final int SMALL = 50;
  private static final int KILL_MS_MAX = 1_500;

  @TempDir Path folder;

  /** Rows by station: each put has a station of its own. */
  private final Map<String, Integer> sent = new HashMap<>();

  private final Map<String, Integer> acknowledged = new HashMap<>();

  @Test
  void puts_are_whole_after_a_kill() throws Exception {
    rounds(3, 1);
  }

  @Test
  @Tag("slow")
  void puts_are_whole_after_many_kills() throws Exception {
    rounds(50, 100);
  }

  private void rounds(int rounds, long seed) throws Exception {
    for (int round = 0; round < rounds; round++) {
      killed(seed + round);
      check(seed + round);
    }
  }

  private void killed(long seed) throws Exception {
    var random = new Random(seed);
    try (var process = new NodeProcess(folder, "");
        var node = new NodeFixture(process.port())) {
      List<Future<?>> running = new ArrayList<>();
      for (int i = 0; i < 12; i++) {
        running.add(put(node, "R" + seed + "P" + i, i % 4 == 0 ? BIG : SMALL));
        if (i == 6) {
          running.add(node.compacting());
        }
      }
      NodeFixture.await(Future.any(running.get(1), running.get(2), running.get(3)));
      Thread.sleep(random.nextInt(KILL_MS_MAX));
      process.close();
      running.forEach(call -> assertThat(NodeFixture.await(call.otherwiseEmpty().map(1))).isOne());
    }
  }

  private Future<PutResponse> put(NodeFixture node, String station, int rows) {
    sent.put(station, rows);
    List<Row> all = new ArrayList<>();
    for (int i = 0; i < rows; i++) {
      String value = "%.2f".formatted(i % 97 / 4.0);
      all.add(new Row(new Key("1", station, TEN_OCLOCK + i * 60_000_000L), Map.of("TMPF", value)));
    }
    return node.putting(OracleWorld.file(List.of("TMPF"), all), 0, false)
        .onSuccess(
            answer -> {
              synchronized (acknowledged) {
                acknowledged.put(station, rows);
              }
            });
  }

  private void check(long seed) {
    try (var node = new NodeFixture(folder)) {
      sent.forEach(
          (station, rows) -> {
            var selection = Selection.newBuilder().addStations(station);
            long stored = node.count(QueryRequest.newBuilder().setSelection(selection));
            if (acknowledged.containsKey(station)) {
              assertThat(stored)
                  .as("seed %d, acknowledged %s", seed, station)
                  .isEqualTo((long) rows);
            } else {
              assertThat(stored).as("seed %d, %s", seed, station).isIn(0L, (long) rows);
            }
          });
      assertThat(node.rows(QueryRequest.getDefaultInstance()))
          .as("seed %d", seed)
          .hasSize((int) node.count(QueryRequest.newBuilder()));
    }
    assertThat(acknowledged).as("seed %d", seed).isNotEmpty();
  }
}
