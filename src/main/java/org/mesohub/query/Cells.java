package org.mesohub.query;

import org.jspecify.annotations.Nullable;
import org.mesohub.observation.Column;
import org.mesohub.observation.ColumnVector;

/** Cells of some rows by column. */
interface Cells {
  /** The cells of a column; null when all are absent. */
  @Nullable ColumnVector column(Column column);
}
