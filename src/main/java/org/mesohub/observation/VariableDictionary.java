package org.mesohub.observation;

import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * The variables this release knows, with the names that sources give them. Data: {@code
 * variables.tsv}. Thread-safe, immutable.
 */
public final class VariableDictionary {
  /** {@link Named#source()} of a name that is a dictionary id. */
  public static final String SOURCE_DICTIONARY = "dictionary";

  private static final DictionaryTable TABLE = DictionaryTable.load();

  private VariableDictionary() {}

  /** All variables, in the order of the table. */
  public static Collection<Variable> variables() {
    return TABLE.variables.values();
  }

  /** The variable with a dictionary id. */
  public static Optional<Variable> variable(String id) {
    return Optional.ofNullable(TABLE.variables.get(id));
  }

  /**
   * Resolves a source's short name ({@code TMPF}, {@code air_temp}) or a dictionary id. The exact
   * spelling goes first, then any case; among sources MesoWest goes first, then the dictionary's
   * ids, Synoptic, MADIS, Oklahoma, IEM.
   */
  public static Optional<Named> named(String name) {
    return TABLE.named(name);
  }

  /**
   * {@link #named(String)} among the names of one source ({@code mesowest}, {@code madis}, ...),
   * exact spelling.
   */
  public static Optional<Named> named(String source, String name) {
    return TABLE.namedBy(source, name);
  }

  /**
   * Short display name of a column: the MesoWest label when the column is MesoWest's ({@code
   * TMPF}), else a name made of its identity, {@code variable[unit]@level#sensor/intervals} with
   * the parts that say something: {@code air_temperature[K]}, {@code
   * soil_temperature[Cel]@-0.05#1/3600s}. Columns that do not hold decimals end in {@code !float32}
   * or {@code !text}. The columns of {@link Provenance} go by their bare names.
   */
  public static String label(Column column) {
    String mesowest = TABLE.mesowestLabels.get(column);
    if (mesowest != null) {
      return mesowest;
    }
    return Provenance.COLUMNS.contains(column) ? column.variable() : ColumnLabels.write(column);
  }

  /** The column that has a label; inverse of {@link #label(Column)} but for {@link Provenance}. */
  public static Optional<Column> byLabel(String label) {
    Column mesowest = TABLE.mesowestColumns.get(label);
    return mesowest != null ? Optional.of(mesowest) : ColumnLabels.read(label);
  }

  /** The 13 value columns of a MesoWest file in file order, without MNET (which is the network). */
  public static List<Column> mesowest() {
    return TABLE.mesowest;
  }

  /**
   * The unit a variable has in a unit system; its dictionary unit where the dictionary does not
   * know it, empty for codes.
   */
  public static String unit(Variable variable, UnitSystem system) {
    return TABLE.unit(variable, system);
  }
}
