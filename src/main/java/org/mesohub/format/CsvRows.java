package org.mesohub.format;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.mesohub.observation.Column;
import org.mesohub.observation.TimeRange;
import org.mesohub.observation.Timestamps;
import org.mesohub.observation.ValueKind;

/**
 * Rows of CSV in a given layout. Empty, {@code None} and {@code NULL} are absent; -9999 in any
 * spelling is missing.
 */
final class CsvRows {
  /** Longest text value, in bytes. */
  private static final int TEXT_BYTES_MAX = 1024;

  private static final byte[] NONE = "None".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] NULL = "NULL".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] NULL_LOWER = "null".getBytes(StandardCharsets.US_ASCII);

  private final BatchFiller filler;
  private final Rejects rejects;
  private final CsvFields fields = new CsvFields();
  private final NumberText number = new NumberText();
  private CsvLayout layout = CsvLayout.CONTRACT;
  private int[] columns = new int[0];

  CsvRows(BatchFiller filler, Rejects rejects) {
    this.filler = filler;
    this.rejects = rejects;
    layout(CsvLayout.CONTRACT);
  }

  void layout(CsvLayout newLayout) {
    layout = newLayout;
    columns = new int[newLayout.size()];
    for (int i = 0; i < columns.length; i++) {
      Column column = newLayout.columns().get(i);
      columns[i] = column == null ? -1 : filler.column(column);
    }
  }

  /** Takes the layout of a heading line; false when the line is no heading. */
  boolean heading(byte[] b, int off, int len) {
    if (fields.split(b, off, withoutCr(b, off, off + len)) < 3) {
      return false;
    }
    if (!CsvLayout.isHeading(fields.strings())) {
      return false;
    }
    byte[] text = fields.bytes();
    int start = fields.start(1);
    if (fields.string(0).equals("STN")
        && Timestamps.parse(text, start, fields.end(1) - start) != Timestamps.INVALID) {
      return false;
    }
    layout(CsvLayout.ofHeading(fields.strings()));
    return true;
  }

  /** Reads a row: one row, one reject, or nothing when blank. */
  void record(byte[] b, int off, int len, long line) {
    int end = withoutCr(b, off, off + len);
    if (end == off) {
      return;
    }
    String bad = read(fields.split(b, off, end));
    if (bad != null) {
      rejects.add(line, bad, b, off, end - off);
    }
  }

  /** Puts the fields into a row; returns what is wrong, if anything. */
  private @Nullable String read(int found) {
    if (found < 0) {
      return "a double quote is not closed or stands inside a field";
    }
    int count = found == layout.size() + 1 && fields.isEmpty(found - 1) ? found - 1 : found;
    boolean stationRow = layout.contract() && count == CsvLayout.STATION_ROW_FIELDS;
    if (count != layout.size() && !stationRow) {
      return "row has " + count + " fields, expected " + layout.size();
    }
    byte[] b = fields.bytes();
    int timeAt = fields.start(layout.time());
    int timeEnd = fields.end(layout.time());
    long time = Timestamps.parse(b, timeAt, timeEnd - timeAt);
    if (time == Timestamps.INVALID) {
      return "time " + Rejects.quote(b, timeAt, timeEnd) + " is not a date yyyy-MM-dd HH:mm:ss";
    }
    if (time < TimeRange.TIME_MIN_MICROS || time >= TimeRange.TIME_END_MICROS) {
      return "time " + Rejects.quote(b, timeAt, timeEnd) + " is not within 1800 to 2199";
    }
    filler.startRow();
    for (int i = 0; i < count; i++) {
      Column column = layout.columns().get(i);
      if (column != null && !isAbsent(i)) {
        String bad = value(i, column, columns[i]);
        if (bad != null) {
          return bad;
        }
      }
    }
    int network = layout.network();
    int station =
        filler.stations.intern(
            b,
            fields.start(layout.station()),
            fields.end(layout.station()),
            fields.start(network),
            isAbsent(network) ? fields.start(network) : fields.end(network));
    if (station < 0) {
      return filler.stations.error();
    }
    filler.endRow(station, time);
    return null;
  }

  private @Nullable String value(int field, Column column, int index) {
    byte[] b = fields.bytes();
    int start = fields.start(field);
    int end = fields.end(field);
    if (column.kind() == ValueKind.TEXT) {
      if (end - start > TEXT_BYTES_MAX) {
        return layout.names().get(field) + " is longer than " + TEXT_BYTES_MAX + " bytes";
      }
      filler.text(index, fields.string(field));
      return null;
    }
    int state = number.parse(b, start, end);
    if (state < 0 && (column.kind() == ValueKind.DECIMAL || state != NumberText.TOO_MANY_DIGITS)) {
      return Rejects.number(layout.names().get(field), state, b, start, end);
    }
    if (state >= 0 && MesoWestRows.isMissing(number.unscaled, state)) {
      filler.missing(index);
    } else if (column.kind() == ValueKind.DECIMAL) {
      filler.decimal(index, number.unscaled, state);
    } else {
      float value = Float.parseFloat(fields.string(field));
      if (Float.isInfinite(value)) {
        return layout.names().get(field) + " " + Rejects.quote(b, start, end) + " is too large";
      }
      filler.float32(index, value);
    }
    return null;
  }

  private boolean isAbsent(int field) {
    int len = fields.end(field) - fields.start(field);
    return len == 0
        || (len == 4
            && (fields.is(field, NONE) || fields.is(field, NULL) || fields.is(field, NULL_LOWER)));
  }

  private static int withoutCr(byte[] b, int off, int end) {
    int to = end;
    while (to > off && (b[to - 1] == '\r' || b[to - 1] == ' ')) {
      to--;
    }
    return to;
  }
}
