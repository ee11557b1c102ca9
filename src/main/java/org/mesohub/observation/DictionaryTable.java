package org.mesohub.observation;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The dictionary's table, read once from the resource. */
final class DictionaryTable {
  /** File order of MesoWest's value columns. */
  private static final List<String> MESOWEST_ORDER =
      List.of(
          "SLAT", "SLON", "SELV", "TMPF", "SKNT", "DRCT", "GUST", "PMSL", "ALTI", "DWPF", "RELH",
          "WTHR", "P24I");

  private static final String MESOWEST = "mesowest";
  private static final List<String> SOURCES =
      List.of(MESOWEST, "synoptic", "madis", "oklahoma", "iem");
  private static final int FIRST_SOURCE_FIELD = 6;

  final Map<String, Variable> variables = new LinkedHashMap<>();
  final Map<Column, String> mesowestLabels = new HashMap<>();
  final Map<String, Column> mesowestColumns = new HashMap<>();
  final List<Column> mesowest;
  private final Map<String, Map<String, Named>> bySource = new LinkedHashMap<>();
  private final Map<String, String[]> systemUnits = new HashMap<>();

  private DictionaryTable(List<String> lines) {
    bySource.put(MESOWEST, new LinkedHashMap<>());
    bySource.put(VariableDictionary.SOURCE_DICTIONARY, new LinkedHashMap<>());
    SOURCES.forEach(source -> bySource.putIfAbsent(source, new LinkedHashMap<>()));
    for (String line : lines) {
      if (!line.isBlank() && !line.startsWith("#")) {
        add(line.split("\t", -1));
      }
    }
    names(MESOWEST)
        .forEach(
            (name, named) -> {
              mesowestLabels.put(named.column(), name);
              mesowestColumns.put(name, named.column());
            });
    mesowest =
        MESOWEST_ORDER.stream()
            .map(name -> Objects.requireNonNull(mesowestColumns.get(name)))
            .toList();
  }

  static DictionaryTable load() {
    try (InputStream in = DictionaryTable.class.getResourceAsStream("variables.tsv")) {
      if (in == null) {
        throw new IllegalStateException("variables.tsv is not on the class path; rebuild the jar");
      }
      return new DictionaryTable(
          new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Optional<Named> named(String name) {
    for (Map<String, Named> names : bySource.values()) {
      Named found = names.get(name);
      if (found != null) {
        return Optional.of(found);
      }
    }
    String folded = name.toLowerCase(Locale.ROOT);
    for (Map<String, Named> names : bySource.values()) {
      for (Map.Entry<String, Named> entry : names.entrySet()) {
        if (entry.getKey().toLowerCase(Locale.ROOT).equals(folded)) {
          return Optional.of(entry.getValue());
        }
      }
    }
    return Optional.empty();
  }

  Optional<Named> namedBy(String source, String name) {
    return Optional.ofNullable(bySource.getOrDefault(source, Map.of()).get(name));
  }

  String unit(Variable variable, UnitSystem system) {
    String @Nullable [] units = systemUnits.get(variable.id());
    return units == null ? variable.unit() : units[system.ordinal()];
  }

  private void add(String[] fields) {
    String unit = text(fields[2]);
    var variable =
        new Variable(
            fields[0],
            fields[1].equals("-") ? null : fields[1],
            unit,
            ValueKind.valueOf(fields[3]));
    variables.put(variable.id(), variable);
    systemUnits.put(variable.id(), new String[] {unit, text(fields[4]), text(fields[5])});
    var implied = new Column(variable.id(), "", 0, 0, unit, variable.kind());
    names(VariableDictionary.SOURCE_DICTIONARY)
        .put(variable.id(), new Named(variable, implied, VariableDictionary.SOURCE_DICTIONARY));
    for (int i = 0; i < SOURCES.size(); i++) {
      String cell = fields[FIRST_SOURCE_FIELD + i];
      if (!cell.equals("-")) {
        for (String name : cell.split(";", -1)) {
          addName(variable, SOURCES.get(i), name);
        }
      }
    }
  }

  private void addName(Variable variable, String source, String text) {
    int equals = text.indexOf('=');
    String[] parts = text.substring(equals + 1).split(",", -1);
    var column =
        new Column(
            variable.id(),
            parts.length > 2 ? parts[2] : "",
            0,
            parts.length > 1 ? Integer.parseInt(parts[1]) : 0,
            text(parts[0]),
            variable.kind());
    names(source).put(text.substring(0, equals), new Named(variable, column, source));
  }

  private Map<String, Named> names(String source) {
    return bySource.getOrDefault(source, Collections.emptyMap());
  }

  private static String text(String cell) {
    return cell.equals("-") ? "" : cell;
  }
}
