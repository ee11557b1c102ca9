package org.mesohub.format;

import java.util.List;
import org.mesohub.observation.Column;

/**
 * One JSON object per line. Numbers are digit for digit; a missing cell is null, an absent one is
 * left out.
 */
public final class NdjsonWriter extends JsonRows {
  /** Writes these columns, in this order. */
  public NdjsonWriter(List<Column> columns) {
    super(columns);
  }

  @Override
  public String mediaType() {
    return "application/x-ndjson";
  }

  @Override
  public void head(ByteBuilder out) {}

  @Override
  void row(int row, byte[] station, byte[] network, long timeMicros, ByteBuilder out) {
    super.row(row, station, network, timeMicros, out);
    out.append('\n');
  }
}
