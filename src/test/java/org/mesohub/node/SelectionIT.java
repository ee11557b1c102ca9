package org.mesohub.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.DoublePredicate;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mesohub.node.OracleWorld.Key;
import org.mesohub.node.OracleWorld.Row;
import org.mesohub.node.TextRows.Line;
import org.mesohub.proto.v1.BoundingBox;
import org.mesohub.proto.v1.Condition;
import org.mesohub.proto.v1.QueryRequest;
import org.mesohub.proto.v1.Selection;
import org.mesohub.query.WhereParser;

/** What is selected from a whole node, against a reading of the file as text. */
class SelectionIT {
  private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("uuuuMMdd/HHmm");
  private static final long SEED = 29;

  /** Minutes before which, at which and after which rows lie. */
  private static final List<String> BORDERS =
      List.of(
          "19991231/2359",
          "20000101/0000",
          "20000228/2359",
          "20000229/0000",
          "20000301/0000",
          "20230228/2359",
          "20230301/0000",
          "20240228/2359",
          "20240229/0000",
          "20240229/2359",
          "20240301/0000",
          "20240430/2359",
          "20240501/0000",
          "20241231/2359",
          "20250101/0000");

  private static final List<String> VALUES =
      List.of("-9999.00", "80.00", "80.01", "79.99", "-0.50", "0.00", "32", "1e1");

  @TempDir static Path folder;
  private static NodeFixture node;
  private static List<Line> lines;

  /** A restriction, as asked for and as the text has it. */
  private record Choice(
      String name, String kind, UnaryOperator<Selection.Builder> asked, Predicate<Line> meant) {}

  @BeforeAll
  static void fill() {
    var random = new Random(SEED);
    Map<Key, Row> rows = new TreeMap<>(OracleWorld.ORDER);
    for (String border : BORDERS) {
      for (int minute = -2; minute <= 2; minute++) {
        for (int station = 0; station < 6; station++) {
          String network = List.of("1", "65", "8").get(random.nextInt(3));
          var key = new Key(network, "S" + station, micros(border) + minute * 60_000_000L);
          rows.put(
              key,
              new Row(
                  key,
                  Map.of(
                      "SLAT",
                      (38 + station) + ".50",
                      "SLON",
                      station == 5 ? "-9999.00" : "-1" + (10 + station) + ".25",
                      "TMPF",
                      VALUES.get(random.nextInt(7)),
                      "RELH",
                      VALUES.get(random.nextInt(7)))));
        }
      }
    }
    byte[] file = OracleWorld.file(List.of("SLAT", "SLON", "TMPF", "RELH"), rows.values());
    lines = TextRows.of(new String(file, StandardCharsets.US_ASCII));
    node = new NodeFixture(folder);
    assertThat(node.put(file).getStored()).isEqualTo(lines.size());
  }

  @AfterAll
  static void close() {
    node.close();
  }

  @Test
  void ranges_hold_their_first_minute_and_not_their_last_wherever_the_calendar_turns() {
    for (String from : BORDERS) {
      for (String to : BORDERS) {
        Choice range = range(from, to);
        check(node, List.of(range), lines, true);
      }
    }
    for (String border : BORDERS) {
      String next = TIME.format(LocalDateTime.parse(border, TIME).plusMinutes(1));
      assertThat(check(node, List.of(range(border, next)), lines, true))
          .as(border)
          .isGreaterThan(5);
    }
  }

  @Test
  void every_restriction_and_any_two_of_them_select_what_the_text_says() {
    assertThat(checkAll(node, choices(), lines))
        .as("queries that found rows, else this shows nothing")
        .isGreaterThan(50);
  }

  @Test
  void so_they_do_on_a_real_file() throws Exception {
    byte[] gzip = RealFileIT.read();
    List<Line> real = TextRows.of(RealFileIT.unzip(gzip));
    List<Choice> all = choices();
    all.add(range("20180316/2210", "20180316/2211"));
    all.add(range("20180316/2200", "20180316/2215"));
    all.add(
        new Choice(
            "real stations",
            "station",
            s -> s.addStations("KFSD").addStations("1/KSLC"),
            line ->
                line.station().equals("KFSD")
                    || (line.station().equals("KSLC") && line.network().equals("1"))));
    try (var other = new NodeFixture(folder.resolve("real"))) {
      assertThat(other.put(gzip).getStored()).isEqualTo(real.size());
      assertThat(checkAll(other, all, real)).isGreaterThan(40);
    }
  }

  /** Compares each alone by its rows, any two by their count; gives how many found rows. */
  private static long checkAll(NodeFixture asked, List<Choice> all, List<Line> text) {
    long some = 0;
    for (int i = 0; i < all.size(); i++) {
      some += check(asked, List.of(all.get(i)), text, true) > 0 ? 1 : 0;
      for (int j = i + 1; j < all.size(); j++) {
        if (!all.get(i).kind.equals(all.get(j).kind) || all.get(i).kind.equals("where")) {
          boolean few = text.size() < 10_000;
          some += check(asked, List.of(all.get(i), all.get(j)), text, few) > 0 ? 1 : 0;
        }
      }
    }
    return some;
  }

  /** Every operator in every spelling that the command line takes, and some of everything else. */
  private static List<Choice> choices() {
    List<Choice> all = new ArrayList<>();
    all.add(range("20240229/0000", "20240301/0000"));
    all.add(range("19991231/2358", "20230301/0001"));
    all.add(
        new Choice(
            "two stations",
            "station",
            s -> s.addStations("S1").addStations("S4"),
            line -> line.station().equals("S1") || line.station().equals("S4")));
    all.add(
        new Choice(
            "a station of a network",
            "station",
            s -> s.addStations("65/S2").addStations("S3"),
            line ->
                line.station().equals("S3")
                    || (line.station().equals("S2") && line.network().equals("65"))));
    all.add(
        new Choice(
            "a network", "network", s -> s.addNetworks("1"), line -> line.network().equals("1")));
    all.add(
        new Choice(
            "two networks",
            "network",
            s -> s.addNetworks("8").addNetworks("65"),
            line -> line.network().equals("8") || line.network().equals("65")));
    all.add(box(-113.25, 38.5, -110.25, 41.0));
    all.add(box(-112.0, 0, -100, 90));
    where(all, "TMPF=80", v -> v == 80);
    where(all, "TMPF == 80.0", v -> v == 80);
    where(all, "TMPF!=80", v -> v != 80);
    where(all, "TMPF<80", v -> v < 80);
    where(all, "TMPF<=80", v -> v <= 80);
    where(all, "TMPF>80", v -> v > 80);
    where(all, "TMPF>=80", v -> v >= 80);
    where(all, "TMPF in (80, 0, -0.5)", v -> v == 80 || v == 0 || v == -0.5);
    where(all, "RELH<=0", v -> v <= 0);
    return all;
  }

  private static void where(List<Choice> all, String text, DoublePredicate meant) {
    var parsed = WhereParser.parse(text);
    var asked =
        Condition.newBuilder()
            .setVariable(parsed.variable())
            .setOp(Condition.Op.valueOf(parsed.op().name()))
            .addAllValues(parsed.values())
            .setUnit(parsed.unit());
    all.add(
        new Choice(
            text,
            "where",
            s -> s.addWhere(asked),
            line -> {
              Double value = line.number(text.substring(0, 4));
              return value != null && meant.test(value);
            }));
  }

  private static Choice range(String from, String to) {
    return new Choice(
        "[" + from + ", " + to + ")",
        "range",
        s -> s.setFromUs(micros(from)).setToUs(micros(to)),
        line -> line.time().compareTo(from) >= 0 && line.time().compareTo(to) < 0);
  }

  private static Choice box(double west, double south, double east, double north) {
    var asked =
        BoundingBox.newBuilder().setWest(west).setSouth(south).setEast(east).setNorth(north);
    return new Choice(
        "box " + west + " " + south + " " + east + " " + north,
        "box",
        s -> s.setBbox(asked),
        line -> {
          Double latitude = line.number("SLAT");
          Double longitude = line.number("SLON");
          return latitude != null
              && longitude != null
              && latitude >= south
              && latitude <= north
              && longitude >= west
              && longitude <= east;
        });
  }

  /** Compares count, and rows if wanted, with the text; gives how many there are. */
  private static long check(
      NodeFixture asked, List<Choice> choices, List<Line> text, boolean rows) {
    var selection = Selection.newBuilder();
    Predicate<Line> meant = line -> true;
    for (Choice choice : choices) {
      selection = choice.asked.apply(selection);
      meant = meant.and(choice.meant);
    }
    String what = choices.stream().map(Choice::name).toList().toString();
    List<Line> expected = text.stream().filter(meant).toList();
    var query = QueryRequest.newBuilder().setSelection(selection);
    assertThat(asked.count(query.clone())).as("count of %s", what).isEqualTo(expected.size());
    if (rows) {
      assertThat(
              asked.rows(query.build()).stream()
                  .map(row -> row.substring(0, row.indexOf('{')))
                  .sorted())
          .as(what)
          .containsExactlyElementsOf(expected.stream().map(SelectionIT::key).sorted().toList());
    }
    return expected.size();
  }

  private static String key(Line line) {
    return line.network() + "/" + line.station() + "@" + micros(line.time());
  }

  private static long micros(String time) {
    return LocalDateTime.parse(time, TIME).toEpochSecond(ZoneOffset.UTC) * 1_000_000;
  }
}
