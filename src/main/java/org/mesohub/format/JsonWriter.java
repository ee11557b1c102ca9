package org.mesohub.format;

import java.util.List;
import org.mesohub.observation.Column;

/**
 * One JSON array of objects, a line each. Numbers are digit for digit; a missing cell is null, an
 * absent one is left out.
 */
public final class JsonWriter extends JsonRows {
  private boolean first = true;

  /** Writes these columns, in this order. */
  public JsonWriter(List<Column> columns) {
    super(columns);
  }

  @Override
  public String mediaType() {
    return "application/json";
  }

  @Override
  public void head(ByteBuilder out) {
    out.append('[');
    first = true;
  }

  @Override
  void row(int row, byte[] station, byte[] network, long timeMicros, ByteBuilder out) {
    if (!first) {
      out.append(',');
    }
    first = false;
    out.append('\n');
    super.row(row, station, network, timeMicros, out);
  }

  @Override
  public void tail(ByteBuilder out) {
    out.append('\n');
    out.append(']');
    out.append('\n');
  }
}
