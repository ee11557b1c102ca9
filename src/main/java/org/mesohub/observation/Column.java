package org.mesohub.observation;

import java.util.Comparator;

/**
 * The identity of a column: two values belong to the same column only when all of this is equal.
 *
 * @param variable id in the {@link VariableDictionary}, a CF standard name where CF has one
 * @param level height above ground in metres as a plain decimal ({@code "2"}, {@code "-0.05"});
 *     empty when the source does not say
 * @param sensor sensor instance, 0 for the first or only one
 * @param intervalSeconds length of the averaging or accumulation interval that ends at the
 *     observation time; 0 when instantaneous or not stated
 * @param unit UCUM code of the numbers as the source gives them; empty for text
 * @param kind how values are held
 */
public record Column(
    String variable, String level, int sensor, int intervalSeconds, String unit, ValueKind kind)
    implements Comparable<Column> {

  private static final Comparator<Column> ORDER =
      Comparator.comparing(Column::variable)
          .thenComparing(Column::level)
          .thenComparingInt(Column::sensor)
          .thenComparingInt(Column::intervalSeconds)
          .thenComparing(Column::unit)
          .thenComparing(Column::kind);

  /** A decimal column of the first sensor at an unstated level. */
  public static Column decimal(String variable, int intervalSeconds, String unit) {
    return new Column(variable, "", 0, intervalSeconds, unit, ValueKind.DECIMAL);
  }

  @Override
  public int compareTo(Column other) {
    return ORDER.compare(this, other);
  }
}
