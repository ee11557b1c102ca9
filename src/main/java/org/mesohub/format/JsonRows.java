package org.mesohub.format;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.mesohub.observation.CellState;
import org.mesohub.observation.Column;
import org.mesohub.observation.StationKey;
import org.mesohub.observation.Timestamps;
import org.mesohub.observation.ValueKind;
import org.mesohub.observation.VariableDictionary;

/**
 * Rows as JSON objects: {@code
 * {"network":"8","station":"KSLC","time":"2018-03-16T22:10:00Z","TMPF":35.60}}. Numbers are digit
 * for digit; a missing cell is null, an absent one is left out.
 */
abstract class JsonRows extends RowWriter {
  private static final byte[] NULL = "null".getBytes(StandardCharsets.US_ASCII);

  /** Per column {@code ,"LABEL":}. */
  private final byte[][] keys;

  private final int keyBytes;

  JsonRows(List<Column> columns) {
    super(columns);
    keys = new byte[columns.size()][];
    int sum = 0;
    for (int i = 0; i < keys.length; i++) {
      String label = VariableDictionary.label(columns.get(i));
      keys[i] = JsonText.bytes(',' + JsonText.quote(label) + ':');
      sum += keys[i].length;
    }
    keyBytes = sum;
  }

  @Override
  byte[] station(StationKey key) {
    return JsonText.bytes(
        "{\"network\":%s,\"station\":%s,\"time\":\""
            .formatted(JsonText.quote(key.network()), JsonText.quote(key.station())));
  }

  @Override
  int writeTime(byte[] out, int pos, long micros) {
    return Timestamps.writeIso(out, pos, micros);
  }

  @Override
  void row(int row, byte[] station, byte[] network, long timeMicros, ByteBuilder out) {
    int cellsMax = keyBytes + (columns.size() + 1) * DecimalText.BYTES_MAX;
    byte[] o = out.reserve(station.length + Timestamps.BYTES_MAX + cellsMax);
    int at = putTime(o, put(o, out.size(), station), timeMicros);
    o[at++] = '"';
    for (int i = 0; i < keys.length; i++) {
      int state = state(i, row);
      if (state == CellState.ABSENT) {
        continue;
      }
      at = put(o, at, keys[i]);
      if (state == CellState.MISSING) {
        at = put(o, at, NULL);
      } else if (states[i].length > 0) {
        at = DecimalText.write(o, at, digits[i][row], state);
      } else {
        String text = text(i, row);
        out.advance(at);
        out.append(
            JsonText.bytes(columns.get(i).kind() == ValueKind.TEXT ? JsonText.quote(text) : text));
        o = out.reserve(cellsMax);
        at = out.size();
      }
    }
    o[at] = '}';
    out.advance(at + 1);
  }
}
