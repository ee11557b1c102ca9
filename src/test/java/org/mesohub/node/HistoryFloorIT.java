package org.mesohub.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.grpc.common.GrpcStatus;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mesohub.config.History;
import org.mesohub.node.OracleWorld.Key;
import org.mesohub.node.OracleWorld.Row;
import org.mesohub.proto.v1.DeleteRequest;
import org.mesohub.proto.v1.QueryRequest;
import org.mesohub.proto.v1.Selection;

/** How a node forgets superseded values: {@code history: none} and a number of days. */
class HistoryFloorIT {
  private static final long TEN_OCLOCK = 1_521_194_400_000_000L;
  private static final long MINUTE = 60_000_000L;
  private static final long HOUR = 60 * MINUTE;
  private static final int STATIONS = 400;

  @TempDir Path folder;

  @Test
  void without_history_a_corrected_value_is_unreadable_and_its_bytes_are_given_back() {
    var random = new Random(7);
    byte[] last = file(random);
    try (var forgets = node("forgets", History.NONE);
        var once = node("once", History.ALL)) {
      for (int i = 0; i < 5; i++) {
        forgets.put(file(random));
      }
      forgets.put(last);
      once.put(last);
      forgets.compact();
      once.compact();

      assertThat(forgets.status().getHistoryFloor()).isEqualTo(6);
      assertThat(forgets.rows(QueryRequest.getDefaultInstance()))
          .isEqualTo(once.rows(QueryRequest.getDefaultInstance()));
      assertThat(history(forgets)).hasSize(STATIONS);
      assertThat(forgets.status().getChunkBytes())
          .isLessThan(once.status().getChunkBytes() * 11 / 10);
      assertThatThrownBy(() -> asOf(forgets, 5))
          .isInstanceOfSatisfying(
              NodeFixture.Refused.class,
              e -> assertThat(e.status).isEqualTo(GrpcStatus.OUT_OF_RANGE))
          .hasMessageContaining("oldest readable is commit 6");

      forgets.restart();
      assertThat(forgets.status().getHistoryFloor()).isEqualTo(6);
      assertThat(asOf(forgets, 6)).isEqualTo(once.rows(QueryRequest.getDefaultInstance()));
    }
  }

  @Test
  void without_history_deleted_rows_leave_nothing_behind() {
    try (var node = node("deleted", History.NONE)) {
      node.put(file(new Random(1)));
      node.delete(
          DeleteRequest.newBuilder().setSelection(Selection.newBuilder().addNetworks("1")).build());
      node.compact();

      assertThat(node.status().getChunkBytes()).isZero();
      assertThat(node.status().getDays()).isZero();
      assertThat(history(node)).isEmpty();
      assertThat(node.put(file(new Random(1))).getStored()).isEqualTo(STATIONS);
      assertThat(node.rows(QueryRequest.getDefaultInstance())).hasSize(STATIONS);
    }
  }

  @Test
  void with_days_of_history_every_state_within_them_is_readable_whatever_is_compacted() {
    long seed = 20_260_101;
    var random = new Random(seed);
    var world = new OracleWorld();
    var clock = new AtomicLong(TEN_OCLOCK);
    int refused = 0;
    try (var node =
        new NodeFixture(NodeFixture.config(folder.resolve("days"), new History(3)), clock::get)) {
      for (int step = 0; step < 120; step++) {
        String at = "seed " + seed + " step " + step;
        clock.addAndGet(random.nextInt(14) * HOUR);
        switch (random.nextInt(6)) {
          case 0 -> delete(node, world, random);
          case 1 -> node.compact();
          case 2 -> refused += checkAsOf(node, world, random, at);
          default -> put(node, world, random);
        }
        assertThat(node.rows(QueryRequest.getDefaultInstance()))
            .as(at)
            .isEqualTo(world.rows(0, row -> true));
      }
      node.restart();
      for (int i = 0; i < 20; i++) {
        refused += checkAsOf(node, world, random, "seed " + seed + " at the end");
      }
      assertThat(refused).as("states that were not kept").isPositive();
    }
  }

  /** Reads some old state, or sees it refused; gives the number of refusals. */
  private static int checkAsOf(NodeFixture node, OracleWorld world, Random random, String at) {
    List<Long> commits = List.copyOf(world.commits());
    if (commits.isEmpty()) {
      return 0;
    }
    long commit = commits.get(random.nextInt(commits.size()));
    try {
      assertThat(asOf(node, commit))
          .as("%s, as of %d", at, commit)
          .isEqualTo(world.rows(commit, row -> true));
      return 0;
    } catch (NodeFixture.Refused e) {
      assertThat(e.status).isEqualTo(GrpcStatus.OUT_OF_RANGE);
      assertThat(commit).as(at).isLessThan(node.status().getHistoryFloor());
      return 1;
    }
  }

  private static void put(NodeFixture node, OracleWorld world, Random random) {
    List<Row> rows = new ArrayList<>();
    for (int station = random.nextInt(3); station < 20; station += 1 + random.nextInt(4)) {
      Map<String, String> cells = new TreeMap<>();
      cells.put("TMPF", random.nextInt(3) + ".25");
      cells.put("RELH", random.nextInt(5) == 0 ? "-9999.00" : random.nextInt(3) + ".50");
      int minute = random.nextInt(2) * 24 * 60;
      rows.add(new Row(new Key("1", "S" + station, TEN_OCLOCK + minute * MINUTE), cells));
    }
    var labels = List.of(List.of("TMPF", "RELH"), List.of("TMPF"), List.of("RELH"));
    List<String> some = labels.get(random.nextInt(labels.size()));
    rows.forEach(row -> row.cells().keySet().retainAll(some));
    world.put(rows);
    world.committed(node.put(OracleWorld.file(some, rows)).getCommit());
  }

  private static void delete(NodeFixture node, OracleWorld world, Random random) {
    String station = "S" + random.nextInt(20);
    world.delete(key -> key.station().equals(station));
    world.committed(
        node.delete(
                DeleteRequest.newBuilder()
                    .setSelection(Selection.newBuilder().addStations(station))
                    .build())
            .getCommit());
  }

  private NodeFixture node(String name, History history) {
    return new NodeFixture(NodeFixture.config(folder.resolve(name), history));
  }

  private static List<String> asOf(NodeFixture node, long commit) {
    return node.rows(QueryRequest.newBuilder().setAsOfCommit(commit).build());
  }

  private static List<String> history(NodeFixture node) {
    return node.rows(QueryRequest.newBuilder().setHistory(true).build());
  }

  /** A row a station, values at random. */
  private static byte[] file(Random random) {
    List<Row> rows = new ArrayList<>();
    for (int station = 0; station < STATIONS; station++) {
      String value = random.nextInt(100) + "." + (10 + random.nextInt(90));
      rows.add(new Row(new Key("1", "S" + station, TEN_OCLOCK), Map.of("TMPF", value)));
    }
    return OracleWorld.file(List.of("TMPF"), rows);
  }
}
