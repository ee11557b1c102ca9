package org.mesohub.format;

import org.mesohub.observation.CellState;
import org.mesohub.observation.StationKey;
import org.mesohub.observation.Timestamps;
import org.mesohub.observation.VariableDictionary;

/**
 * Rows for end users of the 2018 contract: JSON objects joined by {@code ,} without brackets, keys
 * {@code STN,TIMESTAMP,MNET,...}, every value a string spelled as in {@link ContractCsvWriter}. A
 * comma goes before every row except the first in the builder, so that a cleared builder starts a
 * new message.
 */
public final class ContractJsonWriter extends RowWriter {
  private final byte[][] keys;

  public ContractJsonWriter() {
    super(VariableDictionary.mesowest());
    keys = new byte[columns.size()][];
    for (int i = 0; i < keys.length; i++) {
      String label = VariableDictionary.label(columns.get(i));
      keys[i] = JsonText.bytes("\",\"" + label + "\":\"");
    }
  }

  @Override
  public String mediaType() {
    return "application/json";
  }

  @Override
  public void head(ByteBuilder out) {}

  @Override
  byte[] station(StationKey key) {
    return JsonText.bytes("{\"STN\":%s,\"TIMESTAMP\":\"".formatted(JsonText.quote(key.station())));
  }

  /** Leaves its string open, as every value does, for the next key to close. */
  @Override
  byte[] network(StationKey key) {
    String quoted = JsonText.quote(ContractCsvWriter.number(key.network()));
    return JsonText.bytes("\",\"MNET\":" + quoted.substring(0, quoted.length() - 1));
  }

  @Override
  int writeTime(byte[] out, int pos, long micros) {
    return Timestamps.writePlain(out, pos, micros);
  }

  @Override
  void row(int row, byte[] station, byte[] network, long timeMicros, ByteBuilder out) {
    if (out.size() > 0) {
      out.append(',');
    }
    int cellMax = DecimalText.BYTES_MAX + keys[0].length + 2;
    byte[] o =
        out.reserve(
            station.length + network.length + Timestamps.BYTES_MAX + (states.length + 1) * cellMax);
    int at = put(o, putTime(o, put(o, out.size(), station), timeMicros), network);
    for (int i = 0; i < states.length; i++) {
      at = put(o, at, keys[i]);
      int state = state(i, row);
      if (state >= 0) {
        at = DecimalText.write(o, at, digits[i][row], state);
      } else {
        at =
            put(
                o,
                at,
                state == CellState.MISSING ? ContractCsvWriter.MISSING : ContractCsvWriter.ABSENT);
      }
    }
    o[at] = '"';
    o[at + 1] = '}';
    out.advance(at + 2);
  }
}
