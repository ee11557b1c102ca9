package org.mesohub.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mesohub.node.OracleWorld.Key;
import org.mesohub.node.OracleWorld.Row;
import org.mesohub.proto.v1.BoundingBox;
import org.mesohub.proto.v1.Condition;
import org.mesohub.proto.v1.DeleteRequest;
import org.mesohub.proto.v1.DeleteResponse;
import org.mesohub.proto.v1.PutResponse;
import org.mesohub.proto.v1.QueryRequest;
import org.mesohub.proto.v1.Selection;

/**
 * Random puts, corrections, deletions, compactions, restarts and queries of a whole node, each
 * checked against maps of strings.
 */
class OracleIT {
  private static final int STEPS = 200;
  private static final long MINUTE = 60_000_000L;
  private static final List<String> VALUES = List.of("TMPF", "RELH", "SKNT");

  /** Around a leap day, a month's end and a year's end. */
  private static final long[] BORDERS = {
    micros("2016-02-29T00:00:00Z"),
    micros("2016-03-01T00:00:00Z"),
    micros("2017-12-31T12:00:00Z"),
    micros("2018-01-01T00:00:00Z")
  };

  @TempDir Path folder;
  private final OracleWorld world = new OracleWorld();

  @Test
  void a_node_answers_as_maps_of_strings_would() {
    long seed = 20_180_316;
    var random = new Random(seed);
    try (var node = new NodeFixture(folder)) {
      for (int step = 0; step < STEPS; step++) {
        String at = "seed " + seed + " step " + step;
        int what = random.nextInt(20);
        if (what < 9) {
          put(node, random, at);
        } else if (what == 9) {
          delete(node, random, at);
        } else if (what == 10) {
          node.compact();
        } else if (what == 11 && random.nextInt(4) == 0) {
          node.restart();
        } else {
          query(node, random, at);
        }
      }
      for (long commit : world.commits()) {
        assertThat(node.rows(QueryRequest.newBuilder().setAsOfCommit(commit).build()))
            .as("seed %d as of %d", seed, commit)
            .isEqualTo(world.rows(commit, row -> true));
      }
      String everything = "seed " + seed + " after ";
      checkAll(node, everything + "all steps");
      node.compact();
      checkAll(node, everything + "compaction");
      node.restart();
      checkAll(node, everything + "restart");
    }
  }

  private void checkAll(NodeFixture node, String at) {
    assertThat(node.rows(QueryRequest.getDefaultInstance()))
        .as(at)
        .isEqualTo(world.rows(0, row -> true));
  }

  private void put(NodeFixture node, Random random, String at) {
    List<String> labels = new ArrayList<>(List.of("SLAT", "SLON"));
    VALUES.stream().filter(label -> random.nextInt(3) > 0).forEach(labels::add);
    Map<Key, Row> rows = new LinkedHashMap<>();
    int wanted = 1 + random.nextInt(random.nextInt(8) == 0 ? 4_000 : 60);
    for (int i = 0; i < wanted; i++) {
      Key key = key(random);
      Map<String, String> cells = new TreeMap<>();
      int station = key.station().charAt(1) - '0';
      cells.put("SLAT", (30 + station) + ".25");
      cells.put("SLON", "-1" + (10 + station) + ".50");
      labels.stream().skip(2).forEach(label -> cells.put(label, value(random)));
      rows.put(key, new Row(key, cells));
    }
    PutResponse answer = node.put(OracleWorld.file(labels, rows.values()));
    OracleWorld.Counts expected = world.put(rows.values());
    assertThat(answer.getRejected()).as(at).isZero();
    assertThat(
            new OracleWorld.Counts(
                answer.getStored(), answer.getUnchanged(), answer.getCorrected()))
        .as(at)
        .isEqualTo(expected);
    world.committed(answer.getCommit());
  }

  /** Two networks share every station id. */
  private static Key key(Random random) {
    return new Key(
        random.nextBoolean() ? "1" : "65",
        "S" + random.nextInt(9),
        border(random) + random.nextInt(30) * MINUTE);
  }

  private static long border(Random random) {
    return BORDERS[random.nextInt(BORDERS.length)] - 15 * MINUTE;
  }

  /** Few values, so that equal ones are put again; 35.6 and 35.60 are equal. */
  private static String value(Random random) {
    String[] values = {"-9999.00", "35.6", "35.60", "0.00", "-0.00", "-3.25", "101.5", "7"};
    return values[random.nextInt(values.length)];
  }

  private void delete(NodeFixture node, Random random, String at) {
    long from = border(random);
    long to = from + random.nextInt(30) * MINUTE + MINUTE;
    String network = random.nextBoolean() ? "1" : "65";
    String station = "S" + random.nextInt(9);
    var selection = Selection.newBuilder().setFromUs(from).setToUs(to).addNetworks(network);
    boolean one = random.nextBoolean();
    if (one) {
      selection.addStations(station);
    }
    DeleteResponse answer = node.delete(DeleteRequest.newBuilder().setSelection(selection).build());
    long gone =
        world.delete(
            key ->
                key.time() >= from
                    && key.time() < to
                    && key.network().equals(network)
                    && (!one || key.station().equals(station)));
    assertThat(answer.getDeleted()).as(at).isEqualTo(gone);
    world.committed(answer.getCommit());
  }

  private void query(NodeFixture node, Random random, String at) {
    var selection = Selection.newBuilder();
    Predicate<Row> which = row -> true;
    if (random.nextBoolean()) {
      long from = border(random) + random.nextInt(30) * MINUTE;
      long to = from + random.nextInt(30) * MINUTE;
      selection.setFromUs(from).setToUs(to);
      which = row -> row.key().time() >= from && row.key().time() < to;
    }
    if (random.nextBoolean()) {
      String plain = "S" + random.nextInt(9);
      String exact = "S" + random.nextInt(9);
      selection.addStations(plain).addStations("65/" + exact);
      which =
          which.and(
              row ->
                  row.key().station().equals(plain)
                      || (row.key().network().equals("65") && row.key().station().equals(exact)));
    }
    if (random.nextInt(3) == 0) {
      selection.addNetworks("1");
      which = which.and(row -> row.key().network().equals("1"));
    }
    if (random.nextInt(3) == 0) {
      selection.setBbox(
          BoundingBox.newBuilder().setWest(-117.5).setEast(-112.5).setSouth(32).setNorth(36.25));
      which =
          which.and(
              row -> row.key().station().charAt(1) >= '2' && row.key().station().charAt(1) <= '6');
    }
    if (random.nextBoolean()) {
      which = which.and(condition(random, selection));
    }
    var query = QueryRequest.newBuilder().setSelection(selection);
    if (random.nextInt(3) == 0 && !world.commits().isEmpty()) {
      var commits = List.copyOf(world.commits());
      query.setAsOfCommit(commits.get(random.nextInt(commits.size())));
    }
    List<String> expected = world.rows(query.getAsOfCommit(), which);
    assertThat(node.rows(query.build())).as("%s: %s", at, query).isEqualTo(expected);
    assertThat(node.count(query)).as("count, %s: %s", at, query).isEqualTo(expected.size());
  }

  private static Predicate<Row> condition(Random random, Selection.Builder selection) {
    String label = VALUES.get(random.nextInt(VALUES.size()));
    Condition.Op op = Condition.Op.forNumber(1 + random.nextInt(7));
    var limit = new BigDecimal(List.of("35.6", "0", "7.0").get(random.nextInt(3)));
    selection.addWhere(
        Condition.newBuilder().setVariable(label).setOp(op).addValues(limit.toString()));
    return row -> {
      String text = row.cells().get(label);
      return text != null && !text.equals("M") && holds(op, new BigDecimal(text).compareTo(limit));
    };
  }

  private static boolean holds(Condition.Op op, int sign) {
    return switch (op) {
      case EQ, IN -> sign == 0;
      case NE -> sign != 0;
      case LT -> sign < 0;
      case LE -> sign <= 0;
      case GT -> sign > 0;
      case GE -> sign >= 0;
      default -> throw new IllegalArgumentException(op.toString());
    };
  }

  private static long micros(String text) {
    return Instant.parse(text).getEpochSecond() * 1_000_000;
  }
}
