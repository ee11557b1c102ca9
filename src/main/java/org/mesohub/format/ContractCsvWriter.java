package org.mesohub.format;

import java.nio.charset.StandardCharsets;
import org.mesohub.observation.CellState;
import org.mesohub.observation.StationKey;
import org.mesohub.observation.Timestamps;
import org.mesohub.observation.VariableDictionary;

/**
 * The 16-column CSV of the 2018 contract, without a heading: {@code STN,yyyy-MM-dd
 * HH:mm:ss,MNET,SLAT,...,P24I}. The network is a number with a point ({@code 8.0}), a missing cell
 * {@code -9999.0}, an absent one {@code None}. A network that is no number is written as it is.
 */
public final class ContractCsvWriter extends RowWriter {
  static final byte[] MISSING = "-9999.0".getBytes(StandardCharsets.US_ASCII);
  static final byte[] ABSENT = "None".getBytes(StandardCharsets.US_ASCII);

  public ContractCsvWriter() {
    super(VariableDictionary.mesowest());
  }

  @Override
  public String mediaType() {
    return "text/csv";
  }

  @Override
  public void head(ByteBuilder out) {}

  @Override
  byte[] station(StationKey key) {
    var text = new ByteBuilder(64);
    text.append(CsvText.field(key.station()));
    text.append(',');
    return text.toBytes();
  }

  @Override
  byte[] network(StationKey key) {
    var text = new ByteBuilder(64);
    text.append(',');
    text.append(CsvText.field(number(key.network())));
    return text.toBytes();
  }

  /** A whole number with {@code .0}, anything else as it is. */
  static String number(String id) {
    boolean whole = !id.isEmpty();
    for (int i = 0; i < id.length(); i++) {
      char c = id.charAt(i);
      whole &= (c >= '0' && c <= '9') || (c == '-' && i == 0 && id.length() > 1);
    }
    return whole ? id + ".0" : id;
  }

  @Override
  int writeTime(byte[] out, int pos, long micros) {
    return Timestamps.writePlain(out, pos, micros);
  }

  @Override
  void row(int row, byte[] station, byte[] network, long timeMicros, ByteBuilder out) {
    int cellsMax = (states.length + 1) * (DecimalText.BYTES_MAX + 1);
    byte[] o = out.reserve(station.length + network.length + Timestamps.BYTES_MAX + cellsMax);
    int at = put(o, putTime(o, put(o, out.size(), station), timeMicros), network);
    for (int i = 0; i < states.length; i++) {
      o[at++] = ',';
      int state = state(i, row);
      if (state >= 0) {
        at = DecimalText.write(o, at, digits[i][row], state);
      } else {
        at = put(o, at, state == CellState.MISSING ? MISSING : ABSENT);
      }
    }
    o[at] = '\n';
    out.advance(at + 1);
  }
}
