package org.mesohub.format;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.mesohub.observation.CellState;
import org.mesohub.observation.Decimal;
import org.mesohub.observation.StationKey;
import org.mesohub.observation.Timestamps;
import org.mesohub.observation.VariableDictionary;

/**
 * The fixed-width MesoWest {@code .out}: station right-aligned in 7 columns, {@code yyyyMMdd/HHmm},
 * fields of 9 characters with two decimals (more where the value has more and they fit). Missing
 * and absent cells are both {@code -9999.00}. What has no place in these widths is a {@link
 * FormatException}: CSV takes it.
 */
public final class MesoWestWriter extends RowWriter {
  private static final int STATION = 7;
  private static final int FIELD = 9;
  private static final int RECORD = 149;
  private static final int SCALE = 2;
  private static final long MINUTE = 60_000_000L;
  private static final byte[] MISSING = " -9999.00".getBytes(StandardCharsets.US_ASCII);

  private final byte[] scratch = new byte[DecimalText.BYTES_MAX + SCALE];
  private final NumberText number = new NumberText();

  public MesoWestWriter() {
    super(VariableDictionary.mesowest());
  }

  @Override
  public String mediaType() {
    return "text/plain";
  }

  @Override
  public void head(ByteBuilder out) {
    var parm = new StringBuilder(" PARM = MNET");
    var heading = new StringBuilder("    STN  YYMMDD/HHMM      MNET");
    for (var column : columns) {
      String label = VariableDictionary.label(column);
      parm.append(';').append(label);
      heading.append("     ").append(label);
    }
    out.append((parm + "\n\n\n" + heading + "     \n").getBytes(StandardCharsets.US_ASCII));
  }

  @Override
  byte[] station(StationKey key) {
    byte[] id = key.station().getBytes(StandardCharsets.UTF_8);
    if (id.length > STATION) {
      throw new FormatException(
          "station id '%s' does not fit the 7 columns of MesoWest .out; ask for CSV"
              .formatted(key.station()),
          0);
    }
    byte[] text = new byte[STATION];
    Arrays.fill(text, 0, STATION - id.length, (byte) ' ');
    System.arraycopy(id, 0, text, STATION - id.length, id.length);
    return text;
  }

  @Override
  byte[] network(StationKey key) {
    byte[] network = key.network().getBytes(StandardCharsets.UTF_8);
    int state = number.parse(network, 0, network.length);
    if (state < 0) {
      throw new FormatException(
          "network '%s' is no number, as MesoWest .out needs; ask for CSV".formatted(key.network()),
          0);
    }
    byte[] text = new byte[FIELD];
    if (!field(text, 0, number.unscaled, state)) {
      throw new FormatException(
          "network '%s' does not fit 9 columns; ask for CSV".formatted(key.network()), 0);
    }
    return text;
  }

  @Override
  int writeTime(byte[] out, int pos, long micros) {
    if (Math.floorMod(micros, MINUTE) != 0) {
      throw new FormatException(
          "time %s is not a whole minute, as MesoWest .out needs; ask for CSV"
              .formatted(Timestamps.format(micros)),
          0);
    }
    return Timestamps.writeMesoWest(out, pos, micros);
  }

  @Override
  void row(int row, byte[] station, byte[] network, long timeMicros, ByteBuilder out) {
    byte[] o = out.reserve(RECORD + 1 + Timestamps.BYTES_MAX);
    int at = out.size();
    System.arraycopy(station, 0, o, at, STATION);
    at += STATION;
    o[at++] = ' ';
    o[at++] = ' ';
    at = putTime(o, at, timeMicros);
    o[at++] = ' ';
    System.arraycopy(network, 0, o, at, FIELD);
    at += FIELD;
    for (int i = 0; i < states.length; i++, at += FIELD) {
      int state = state(i, row);
      if (state < 0) {
        System.arraycopy(MISSING, 0, o, at, FIELD);
      } else if (!field(o, at, digits[i][row], state)) {
        throw new FormatException(
            "%s %s does not fit the 9 columns of MesoWest .out; ask for CSV"
                .formatted(
                    VariableDictionary.label(columns.get(i)), new Decimal(digits[i][row], state)),
            0);
      }
    }
    o[at] = '\n';
    out.advance(at + 1);
  }

  /** Writes a number right-aligned; false when it is too long. */
  private boolean field(byte[] out, int pos, long unscaled, int state) {
    int end = DecimalText.write(scratch, 0, unscaled, state);
    int scale = CellState.scale(state);
    if (scale < SCALE) {
      if (scale == 0) {
        scratch[end++] = '.';
      }
      for (int i = scale; i < SCALE; i++) {
        scratch[end++] = '0';
      }
    }
    int blank = FIELD - end;
    if (blank < 0) {
      return false;
    }
    for (int i = 0; i < blank; i++) {
      out[pos + i] = ' ';
    }
    System.arraycopy(scratch, 0, out, pos + blank, end);
    return true;
  }
}
