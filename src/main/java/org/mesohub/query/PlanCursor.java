package org.mesohub.query;

import org.jspecify.annotations.Nullable;
import org.mesohub.segment.VersionBatch;
import org.mesohub.segment.VersionCursor;

/** All versions of a plan, unit by unit, with all columns. */
final class PlanCursor implements VersionCursor {
  private final Plan plan;
  private final UnitCursor.Opener open;
  private @Nullable VersionCursor current;
  private int next;

  PlanCursor(Plan plan, UnitCursor.Opener open) {
    this.plan = plan;
    this.open = open;
  }

  @Override
  public @Nullable VersionBatch next() {
    while (true) {
      if (current != null) {
        VersionBatch batch = current.next();
        if (batch != null) {
          return batch;
        }
        current = null;
      }
      if (next == plan.units().size()) {
        return null;
      }
      current = UnitCursor.of(plan.units().get(next++), open, plan.columns());
    }
  }

  @Override
  public void close() {
    current = null;
    next = plan.units().size();
  }
}
