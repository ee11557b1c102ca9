package org.mesohub.format;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.mesohub.observation.Column;
import org.mesohub.observation.StationKey;
import org.mesohub.observation.Timestamps;
import org.mesohub.observation.VariableDictionary;

/**
 * CSV (RFC 4180 with LF): {@code network,station,time} and the columns' labels, times as {@code
 * 2018-03-16T22:10:00Z}, decimals digit for digit. Absent and missing cells are both empty.
 */
public final class CsvWriter extends RowWriter {
  /** Writes these columns, in this order. */
  public CsvWriter(List<Column> columns) {
    super(columns);
  }

  @Override
  public String mediaType() {
    return "text/csv";
  }

  @Override
  public void head(ByteBuilder out) {
    out.append("network,station,time".getBytes(StandardCharsets.US_ASCII));
    for (Column column : columns) {
      out.append(',');
      out.append(CsvText.field(VariableDictionary.label(column)));
    }
    out.append('\n');
  }

  @Override
  byte[] station(StationKey key) {
    var text = new ByteBuilder(64);
    text.append(CsvText.field(key.network()));
    text.append(',');
    text.append(CsvText.field(key.station()));
    text.append(',');
    return text.toBytes();
  }

  @Override
  int writeTime(byte[] out, int pos, long micros) {
    return Timestamps.writeIso(out, pos, micros);
  }

  @Override
  void row(int row, byte[] station, byte[] network, long timeMicros, ByteBuilder out) {
    int cellsMax = (columns.size() + 1) * (DecimalText.BYTES_MAX + 1);
    byte[] o = out.reserve(station.length + Timestamps.BYTES_MAX + cellsMax);
    int at = putTime(o, put(o, out.size(), station), timeMicros);
    for (int i = 0; i < states.length; i++) {
      o[at++] = ',';
      byte[] own = states[i];
      if (own.length > 0) {
        int state = own[row];
        if (state >= 0) {
          at = DecimalText.write(o, at, digits[i][row], state);
        }
      } else if (state(i, row) >= 0) {
        out.advance(at);
        out.append(CsvText.field(text(i, row)));
        o = out.reserve(cellsMax);
        at = out.size();
      }
    }
    o[at] = '\n';
    out.advance(at + 1);
  }
}
