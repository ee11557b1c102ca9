package org.mesohub.query;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.mesohub.observation.Day;
import org.mesohub.observation.StationSelector;
import org.mesohub.observation.TimeRange;

/** Random queries that hit borders often. */
final class RandomQueries {
  private static final List<String> NAMES =
      List.of("TMPF", "air_temperature", "air_temp", "temperature", "SLAT", "DRCT", "WTHR", "P24I");
  private final World world;
  private final Random random;

  RandomQueries(World world) {
    this.world = world;
    this.random = world.random;
  }

  Query query() {
    boolean asOf = random.nextInt(3) == 0;
    var query =
        new Query(
            selection(),
            variables(),
            units(),
            asOf ? random.nextLong(world.commit + 1) : 0,
            random.nextInt(4) == 0,
            random.nextInt(3) == 0 ? 1 + random.nextInt(40) : 0);
    return query.history() || random.nextInt(3) > 0 ? query : query.stamp();
  }

  List<String> variables() {
    var names = new ArrayList<String>();
    for (int i = random.nextInt(4) - 1; i > 0; i--) {
      names.add(
          world.pick(
              List.of("TMPF", "SKNT", "DRCT", "latitude", "wxcodes", "temperature", "P24I")));
    }
    return names;
  }

  String units() {
    return world.pick(List.of("source", "source", "dictionary", "metric", "english"));
  }

  Selection selection() {
    return new Selection(
        random.nextInt(3) == 0 ? TimeRange.ALL : range(),
        random.nextInt(3) == 0 ? stations() : List.of(),
        random.nextInt(3) == 0 ? networks() : Set.of(),
        random.nextInt(4) == 0 ? box() : null,
        random.nextInt(2) == 0 ? List.of() : conditions());
  }

  private TimeRange range() {
    long a = border();
    long b =
        random.nextInt(4) == 0
            ? a + world.pick(List.of(0L, 1L, World.MINUTE, Day.MICROS))
            : border();
    return random.nextInt(20) == 0
        ? new TimeRange(a, b)
        : new TimeRange(Math.min(a, b), Math.max(a, b));
  }

  private long border() {
    return world.time() + random.nextInt(3) - 1;
  }

  private List<StationSelector> stations() {
    var selectors = new ArrayList<StationSelector>();
    for (int i = 1 + random.nextInt(3); i > 0; i--) {
      String text = world.pick(World.STATIONS).toString();
      selectors.add(
          StationSelector.parse(
              random.nextBoolean() ? text : text.substring(text.indexOf('/') + 1)));
    }
    if (random.nextInt(8) == 0) {
      selectors.add(StationSelector.parse("1/NOSUCH"));
    }
    return selectors;
  }

  private Set<String> networks() {
    var networks = new HashSet<String>();
    for (int i = 1 + random.nextInt(2); i > 0; i--) {
      networks.add(random.nextInt(9) == 0 ? "77" : world.pick(World.STATIONS).network());
    }
    return networks;
  }

  private BoundingBox box() {
    double west = 34 + random.nextInt(12);
    double south = 34 + random.nextInt(8);
    return new BoundingBox(
        west, south, random.nextInt(4) == 0 ? west - 3 : west + 4, south + random.nextInt(6));
  }

  private List<Condition> conditions() {
    var conditions = new ArrayList<Condition>();
    for (int i = 1 + random.nextInt(2); i > 0; i--) {
      conditions.add(random.nextInt(6) == 0 ? text() : number());
    }
    return conditions;
  }

  private Condition text() {
    Condition.Op op = world.pick(List.of(Condition.Op.EQ, Condition.Op.NE, Condition.Op.IN));
    return new Condition(
        "wxcodes", op, op == Condition.Op.IN ? List.of("RA", "SN") : List.of("RA"), "");
  }

  private Condition number() {
    String name = world.pick(NAMES);
    Condition.Op op = world.pick(List.of(Condition.Op.values()));
    boolean temperature =
        List.of("TMPF", "air_temperature", "air_temp", "temperature").contains(name);
    String unit =
        temperature && random.nextInt(3) == 0 ? world.pick(List.of("K", "Cel", "[degF]", "F")) : "";
    var values = new ArrayList<String>();
    for (int i = op == Condition.Op.IN ? 1 + random.nextInt(3) : 1; i > 0; i--) {
      values.add(number(name, unit));
    }
    return new Condition(name, op, values, unit);
  }

  private String number(String name, String unit) {
    int middle =
        switch (unit.isEmpty() ? name : unit) {
          case "K", "temperature" -> 293;
          case "Cel", "air_temperature", "air_temp" -> 20;
          case "TMPF", "[degF]", "F" -> 68;
          default -> 40;
        };
    int whole = middle - 6 + random.nextInt(12);
    return whole
        + world.pick(List.of("", ".0", ".00", ".1", ".001", ".0000000000000000000001", "e0"));
  }
}
