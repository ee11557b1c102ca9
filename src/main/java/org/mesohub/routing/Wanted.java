package org.mesohub.routing;

import java.util.SortedSet;
import org.jspecify.annotations.Nullable;

/**
 * What a query asks for, as far as it matters to whom.
 *
 * @param scope whom it may ask
 * @param firstDay first epoch day
 * @param lastDay last epoch day, included; not before {@code firstDay}
 * @param networks networks; null: any
 */
public record Wanted(Scope scope, int firstDay, int lastDay, @Nullable SortedSet<String> networks) {
  /** Checks the order of days. */
  public Wanted {
    if (lastDay < firstDay) {
      throw new IllegalArgumentException(
          "day %d is before day %d: nothing is asked for".formatted(lastDay, firstDay));
    }
  }
}
