package org.mesohub.query;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.mesohub.catalog.RunRef;
import org.mesohub.observation.Column;
import org.mesohub.observation.Day;
import org.mesohub.observation.Decimal;
import org.mesohub.observation.Named;
import org.mesohub.observation.StationKey;
import org.mesohub.observation.UnitSystem;
import org.mesohub.observation.Units;
import org.mesohub.observation.ValueKind;
import org.mesohub.observation.VariableDictionary;
import org.mesohub.segment.RowKey;
import org.mesohub.segment.Tombstone;

/** Answers queries over the plain list of versions, row by row. */
final class Oracle {
  private final World world;
  private final Set<String> owned;
  private List<Version> versions;

  Oracle(World world, Set<String> owned) {
    this.world = world;
    this.owned = owned;
  }

  /** All versions that days list, resolved, in key order, then commit, then position. */
  List<Version> versions() {
    return versions == null ? versions = listed() : versions;
  }

  private List<Version> listed() {
    var all = new ArrayList<Version>();
    for (RunRef ref : world.inOrder(world.days.keySet())) {
      for (Map.Entry<Day, List<RunRef>> day : world.days.entrySet()) {
        if (day.getValue().contains(ref)) {
          world.of(ref, day.getKey()).forEach(v -> all.add(resolved(v, ref)));
        }
      }
    }
    all.sort(Comparator.comparing(Version::key).thenComparingLong(v -> v.origin().commit()));
    return all;
  }

  static Version resolved(Version v, RunRef ref) {
    return new Version(
        v.key(), v.cells(), v.origin().resolve(ref.commit(), ref.commitTimeMicros()));
  }

  private boolean exists(Version v, long asOf) {
    if (v.origin().commit() > asOf) {
      return false;
    }
    for (Tombstone t : world.tombstones) {
      if (t.commit() <= asOf
          && v.origin().commit() < t.commit()
          && t.range().contains(v.key().timeMicros())
          && t.covers(v.key().station())) {
        return false;
      }
    }
    return true;
  }

  /** Existing versions by key. */
  TreeMap<RowKey, List<Version>> byKey(long asOf) {
    var byKey = new TreeMap<RowKey, List<Version>>();
    for (Version v : versions()) {
      if (exists(v, asOf)) {
        byKey.computeIfAbsent(v.key(), k -> new ArrayList<>()).add(v);
      }
    }
    return byKey;
  }

  /** The rows with the origins of their newest versions. */
  List<OracleRow> stamped(List<OracleRow> rows, long asOf) {
    TreeMap<RowKey, List<Version>> byKey = byKey(asOf);
    return rows.stream()
        .map(r -> new OracleRow(r.key(), r.cells(), r.flags(), newest(byKey.get(r.key())).origin()))
        .toList();
  }

  private Version newest(List<Version> versions) {
    List<Version> ranked = ranked(versions);
    return ranked.get(ranked.size() - 1);
  }

  private List<Version> ranked(List<Version> versions) {
    var ranked = new ArrayList<>(versions);
    ranked.sort(
        Comparator.<Version, Boolean>comparing(
                v -> owned.contains(v.key().station().network() + "\t" + v.origin().cluster()))
            .thenComparingLong(v -> v.origin().originTimeMicros())
            .thenComparing(v -> v.origin().cluster())
            .thenComparingLong(v -> v.origin().commit()));
    return ranked;
  }

  private OracleRow fold(List<Version> versions) {
    List<Version> ranked = ranked(versions);
    var cells = new TreeMap<Column, Object>();
    ranked.forEach(v -> cells.putAll(v.cells()));
    Version newest = ranked.get(ranked.size() - 1);
    return new OracleRow(newest.key(), cells, flags(newest), null);
  }

  private static int flags(Version v) {
    return v.key().timeMicros() > v.origin().originTimeMicros() ? 1 : 0;
  }

  List<OracleRow> rows(Selection selection, long asOf) {
    var rows = new ArrayList<OracleRow>();
    for (List<Version> versions : byKey(asOf).values()) {
      OracleRow row = fold(versions);
      if (matches(row, selection)) {
        rows.add(row);
      }
    }
    return rows;
  }

  List<OracleRow> query(Query query) {
    long asOf = query.asOfCommit() == 0 ? Long.MAX_VALUE : query.asOfCommit();
    List<OracleRow> rows = rows(query.selection(), asOf);
    if (query.history()) {
      var keys = new HashSet<RowKey>();
      rows.forEach(r -> keys.add(r.key()));
      rows = new ArrayList<>();
      for (List<Version> versions : byKey(asOf).values()) {
        for (Version v : versions) {
          if (keys.contains(v.key())) {
            rows.add(new OracleRow(v.key(), v.cells(), flags(v), v.origin()));
          }
        }
      }
    }
    if (query.stamped()) {
      rows = stamped(rows, asOf);
    }
    return rows.stream()
        .limit(query.limit() == 0 ? Long.MAX_VALUE : query.limit())
        .map(r -> project(r, query.variables(), query.units()))
        .toList();
  }

  List<OracleRow> latest(Selection selection, List<String> variables, String units) {
    Map<StationKey, OracleRow> latest = new TreeMap<>();
    for (OracleRow row : rows(selection, Long.MAX_VALUE)) {
      OracleRow known = latest.get(row.key().station());
      if (known == null || known.key().timeMicros() < row.key().timeMicros()) {
        latest.put(row.key().station(), row);
      }
    }
    return latest.values().stream().map(r -> project(r, variables, units)).toList();
  }

  static boolean matches(OracleRow row, Selection selection) {
    StationKey station = row.key().station();
    return selection.range().contains(row.key().timeMicros())
        && (selection.networks().isEmpty() || selection.networks().contains(station.network()))
        && (selection.stations().isEmpty()
            || selection.stations().stream().anyMatch(s -> s.matches(station)))
        && inBox(row, selection.bbox())
        && selection.where().stream().allMatch(c -> satisfies(row, c));
  }

  private static boolean inBox(OracleRow row, BoundingBox box) {
    if (box == null) {
      return true;
    }
    Object lat = row.cells().get(Column.decimal("latitude", 0, "deg"));
    Object lon = row.cells().get(Column.decimal("longitude", 0, "deg"));
    return lat instanceof Decimal a
        && lon instanceof Decimal o
        && box.contains(o.toDouble(), a.toDouble());
  }

  private static boolean satisfies(OracleRow row, Condition condition) {
    Named named = VariableDictionary.named(condition.variable()).orElseThrow();
    String unit =
        condition.unit().isEmpty()
            ? named.column().unit()
            : Units.code(condition.unit()).orElseThrow();
    for (Map.Entry<Column, Object> cell : row.cells().entrySet()) {
      if (cell.getKey().variable().equals(named.variable().id())
          && !cell.getValue().equals(Cell.MISSING)
          && satisfies(cell.getKey(), cell.getValue(), unit, condition)) {
        return true;
      }
    }
    return false;
  }

  private static boolean satisfies(Column column, Object value, String unit, Condition condition) {
    if (value instanceof String text) {
      boolean in = condition.values().contains(text.substring(1));
      return in == (condition.op() != Condition.Op.NE);
    }
    List<Integer> orders = new ArrayList<>();
    for (String constant : condition.values()) {
      if (value instanceof Decimal decimal && column.unit().equals(unit)) {
        orders.add(new BigDecimal(decimal.toString()).compareTo(new BigDecimal(constant)));
      } else if (value instanceof Float f && column.unit().equals(unit)) {
        orders.add(Float.compare(f, Float.parseFloat(constant)));
      } else {
        double number = value instanceof Decimal d ? d.toDouble() : (Float) value;
        orders.add(
            Double.compare(
                Units.convert(number, column.unit(), unit), Double.parseDouble(constant)));
      }
    }
    int order = orders.get(0);
    return switch (condition.op()) {
      case EQ -> order == 0;
      case NE -> order != 0;
      case LT -> order < 0;
      case LE -> order <= 0;
      case GT -> order > 0;
      case GE -> order >= 0;
      case IN -> orders.contains(0);
    };
  }

  /** MesoWest's columns first, in their order. */
  static List<Column> inPlanOrder(Collection<Column> columns) {
    List<Column> mesowest = VariableDictionary.mesowest();
    return columns.stream()
        .sorted(
            Comparator.<Column>comparingInt(
                    c -> mesowest.contains(c) ? mesowest.indexOf(c) : Integer.MAX_VALUE)
                .thenComparing(Comparator.naturalOrder()))
        .toList();
  }

  private static OracleRow project(OracleRow row, List<String> variables, String units) {
    var ids = new HashSet<String>();
    for (String name : variables) {
      ids.add(VariableDictionary.named(name).orElseThrow().variable().id());
    }
    Map<Column, Object> cells = new LinkedHashMap<>();
    for (Column column : inPlanOrder(row.cells().keySet())) {
      if (!ids.isEmpty() && !ids.contains(column.variable())) {
        continue;
      }
      Column target = target(column, units);
      Object value = convert(row.cells().get(column), column.unit(), target.unit());
      if (!cells.containsKey(target) || cells.get(target).equals(Cell.MISSING)) {
        cells.put(target, value);
      }
    }
    return new OracleRow(row.key(), new TreeMap<>(cells), row.flags(), row.origin());
  }

  private static Column target(Column column, String units) {
    if (units.equals("source") || column.kind() == ValueKind.TEXT) {
      return column;
    }
    String unit =
        VariableDictionary.unit(
            VariableDictionary.variable(column.variable()).orElseThrow(),
            UnitSystem.parse(units).orElseThrow());
    return unit.isEmpty()
        ? column
        : new Column(
            column.variable(),
            column.level(),
            column.sensor(),
            column.intervalSeconds(),
            unit,
            column.kind());
  }

  private static Object convert(Object value, String from, String to) {
    if (value instanceof Decimal decimal) {
      return Units.convert(decimal, from, to);
    }
    return value instanceof Float f && !from.equals(to)
        ? (Object) (float) Units.convert((double) f, from, to)
        : value;
  }
}
