package org.mesohub.query;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.mesohub.observation.StationSelector;
import org.mesohub.observation.TimeRange;

/**
 * Which rows: everything must hold; empty collections do not restrict.
 *
 * @param range times
 * @param stations stations, any of them
 * @param networks networks, any of them
 * @param bbox positions, by the row's own latitude and longitude
 * @param where conditions on values
 */
public record Selection(
    TimeRange range,
    List<StationSelector> stations,
    Set<String> networks,
    @Nullable BoundingBox bbox,
    List<Condition> where) {
  /** Every row. */
  public static final Selection ALL =
      new Selection(TimeRange.ALL, List.of(), Set.of(), null, List.of());
}
