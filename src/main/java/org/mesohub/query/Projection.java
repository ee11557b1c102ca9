package org.mesohub.query;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.mesohub.observation.Column;
import org.mesohub.observation.ColumnVector;
import org.mesohub.observation.Named;
import org.mesohub.observation.ObservationBatch;
import org.mesohub.observation.UnitSystem;
import org.mesohub.observation.Units;
import org.mesohub.observation.ValueKind;
import org.mesohub.observation.VariableDictionary;

/**
 * From stored columns to those of an answer. Several stored columns that differ only in their unit
 * become one when units are converted; then of a row's values the first in the order of the plan
 * counts. Thread-safe.
 *
 * @param columns columns of the answer
 * @param sources per column of the answer the stored columns it is made of
 */
record Projection(List<Column> columns, List<List<Column>> sources) {
  /** The unit system that leaves columns as they are stored. */
  static final String AS_STORED = "source";

  /**
   * Throws {@link InvalidQueryException}.
   *
   * @param variables names of variables in the order wanted, empty for everything
   * @param units name of a unit system
   * @param stored columns of the plan
   */
  static Projection of(List<String> variables, String units, List<Column> stored) {
    Optional<UnitSystem> system = UnitSystem.parse(units);
    if (system.isEmpty() && !units.equals(AS_STORED)) {
      throw new InvalidQueryException(
          "unknown unit system '%s'; use source, dictionary, metric or english".formatted(units));
    }
    Map<Column, List<Column>> targets = new LinkedHashMap<>();
    for (Column column : named(variables, stored)) {
      Column target = system.map(s -> target(column, s)).orElse(column);
      targets.computeIfAbsent(target, t -> new ArrayList<>()).add(column);
    }
    return new Projection(List.copyOf(targets.keySet()), List.copyOf(targets.values()));
  }

  /** Stored columns as they are. */
  static Projection asStored(List<Column> columns) {
    return new Projection(columns, columns.stream().map(List::of).toList());
  }

  private static Set<Column> named(List<String> variables, List<Column> stored) {
    if (variables.isEmpty()) {
      return new LinkedHashSet<>(stored);
    }
    var columns = new LinkedHashSet<Column>();
    for (String name : variables) {
      Named named = Names.resolve(name);
      stored.stream().filter(c -> c.variable().equals(named.variable().id())).forEach(columns::add);
    }
    return columns;
  }

  private static Column target(Column column, UnitSystem system) {
    String unit =
        VariableDictionary.variable(column.variable())
            .map(variable -> VariableDictionary.unit(variable, system))
            .orElse(column.unit());
    if (column.kind() == ValueKind.TEXT
        || unit.isEmpty()
        || unit.equals(column.unit())
        || !Units.convertible(column.unit(), unit)) {
      return column;
    }
    return new Column(
        column.variable(),
        column.level(),
        column.sensor(),
        column.intervalSeconds(),
        unit,
        column.kind());
  }

  /** Stored columns that must be decoded. */
  Set<Column> stored() {
    var stored = new LinkedHashSet<Column>();
    sources.forEach(stored::addAll);
    return stored;
  }

  /** The rows that matched, as an answer has them. */
  AnswerBatch apply(Hits hits) {
    int[] picks = hits.picks();
    int rows = hits.count();
    var vectors = new ArrayList<ColumnVector>(columns.size());
    for (int i = 0; i < columns.size(); i++) {
      vectors.add(column(columns.get(i), sources.get(i), hits, rows));
    }
    int[] station = picks == null ? hits.station() : Picks.gather(hits.station(), picks);
    StationSubset used = StationSubset.of(hits.stations(), station, rows);
    long[] time = picks == null ? hits.timeMicros() : Picks.gather(hits.timeMicros(), picks);
    byte[] flags = hits.flags();
    int[] origin = hits.origin();
    return new AnswerBatch(
        new ObservationBatch(rows, used.stations(), used.station(), time, vectors),
        picks == null || flags == null ? flags : Picks.gather(flags, picks),
        hits.origins(),
        picks == null || origin == null ? origin : Picks.gather(origin, picks));
  }

  /** The rows that matched of several hits with the same dictionary of stations, no origins. */
  AnswerBatch apply(List<Hits> hits) {
    if (hits.size() == 1) {
      return apply(hits.get(0));
    }
    int rows = hits.stream().mapToInt(Hits::count).sum();
    var vectors = new ArrayList<ColumnVector>(columns.size());
    for (int i = 0; i < columns.size(); i++) {
      var parts = new ArrayList<@Nullable ColumnVector>(hits.size());
      for (Hits some : hits) {
        parts.add(given(columns.get(i), sources.get(i), some, some.count()));
      }
      vectors.add(Vectors.concat(columns.get(i), parts, hits, rows));
    }
    var station = new int[rows];
    var time = new long[rows];
    byte[] flags = null;
    int at = 0;
    for (Hits some : hits) {
      int[] picks = some.picks();
      int[] someStation = some.station();
      long[] someTime = some.timeMicros();
      byte[] someFlags = some.flags();
      flags = flags == null && someFlags != null ? new byte[rows] : flags;
      for (int i = 0; i < some.count(); i++) {
        int row = picks == null ? i : picks[i];
        station[at] = someStation[row];
        time[at] = someTime[row];
        if (flags != null && someFlags != null) {
          flags[at] = someFlags[row];
        }
        at++;
      }
    }
    StationSubset used = StationSubset.of(hits.get(0).stations(), station, rows);
    return new AnswerBatch(
        new ObservationBatch(rows, used.stations(), used.station(), time, vectors),
        flags,
        List.of(),
        null);
  }

  private static ColumnVector column(Column target, List<Column> sources, Hits hits, int rows) {
    ColumnVector given = given(target, sources, hits, rows);
    return given == null ? Vectors.absent(target, rows) : given;
  }

  /** The cells of a column; null when all are absent. */
  private static @Nullable ColumnVector given(
      Column target, List<Column> sources, Hits hits, int rows) {
    ColumnVector result = null;
    for (Column source : sources) {
      ColumnVector picked = hits.picked(source);
      if (picked == null) {
        continue;
      }
      ColumnVector converted = CellConversion.apply(picked, rows, target);
      result = result == null ? converted : Vectors.coalesce(result, converted, rows);
    }
    return result;
  }
}
