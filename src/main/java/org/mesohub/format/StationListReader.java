package org.mesohub.format;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.mesohub.observation.Decimal;
import org.mesohub.observation.StationKey;

/**
 * Reads station lists: MesoWest's {@code mesowest_csv.tbl} (18 fields, rows end with {@code ;}) and
 * the {@code catalog.csv} of 11 fields. Both leave commas inside names unquoted, so the fields
 * after the name are counted from the right.
 */
final class StationListReader implements FormatReader, LineSplitter.Lines {
  /** Most stations handed over at once. */
  private static final int STATIONS_MAX = 4096;

  /** Longest field, in bytes. */
  private static final int TEXT_BYTES_MAX = 256;

  /** Where things are; positions below 0 count from the end of the row. */
  enum Dialect {
    MESOWEST("primary id,secondary id,", 18, 2, -15, -14, -13, -12, -11, -10, -9, -8),
    CATALOG("# id,name,mesonet,", 11, 1, -3, -2, -8, -7, -6, -9, -9, -1);

    final String heading;
    final int fields;
    final int name;
    final int state;
    final int country;
    final int latitude;
    final int longitude;
    final int elevation;
    final int network;
    final int networkName;
    final int status;

    Dialect(String heading, int fields, int name, int... at) {
      this.heading = heading;
      this.fields = fields;
      this.name = name;
      state = at[0];
      country = at[1];
      latitude = at[2];
      longitude = at[3];
      elevation = at[4];
      network = at[5];
      networkName = at[6];
      status = at[7];
    }
  }

  private final Dialect dialect;
  private final String defaultNetwork;
  private final RowSink sink;
  private final Rejects rejects;
  private final CsvFields fields = new CsvFields();
  private final NumberText number = new NumberText();
  private final LineSplitter splitter = new LineSplitter(this);
  private List<StationRecord> stations = new ArrayList<>();

  StationListReader(Dialect dialect, ReaderOptions options, RowSink sink) {
    this.dialect = dialect;
    this.defaultNetwork = options.defaultNetwork();
    this.sink = sink;
    this.rejects = new Rejects(sink);
  }

  @Override
  public String format() {
    return "station-list";
  }

  @Override
  public void feed(byte[] buf, int off, int len) {
    splitter.feed(buf, off, len);
  }

  @Override
  public void finish() {
    splitter.finish();
    flush();
  }

  @Override
  public void tooLong(byte[] b, int off, int len, long line) {
    rejects.tooLong(line, b, off, len);
  }

  @Override
  public void line(byte[] b, int off, int length, long line) {
    int len = length;
    while (len > 0 && isRowEnd(b[off + len - 1])) {
      len--;
    }
    if (len == 0 || startsWith(b, off, len, dialect.heading)) {
      return;
    }
    int count = fields.split(b, off, off + len);
    if (count < 0) {
      count = fields.splitPlain(b, off, off + len);
    }
    String bad =
        count < dialect.fields
            ? "station row has " + count + " fields, expected " + dialect.fields
            : read(count);
    if (bad != null) {
      rejects.add(line, bad, b, off, len);
    }
  }

  static boolean startsWith(byte[] b, int off, int len, String text) {
    if (len < text.length()) {
      return false;
    }
    for (int i = 0; i < text.length(); i++) {
      if (Character.toLowerCase((char) b[off + i]) != text.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  private @Nullable String read(int count) {
    String id = text(0, count);
    String network = network(text(dialect.network, count));
    if (id.isEmpty() || StationKey.isTooLong(id)) {
      return "station id is empty or longer than " + StationKey.ID_BYTES_MAX + " bytes";
    }
    if (StationKey.isTooLong(network)) {
      return "network is longer than " + StationKey.ID_BYTES_MAX + " bytes";
    }
    @Nullable Decimal[] place = new @Nullable Decimal[3];
    int[] at = {dialect.latitude, dialect.longitude, dialect.elevation};
    for (int i = 0; i < at.length; i++) {
      int field = at[i] + count;
      if (!fields.isEmpty(field) && !text(at[i], count).isEmpty()) {
        int state = number.parse(fields.bytes(), fields.start(field), fields.end(field));
        if (state < 0) {
          return Rejects.number(
              List.of("latitude", "longitude", "elevation").get(i),
              state,
              fields.bytes(),
              fields.start(field),
              fields.end(field));
        }
        boolean missing = MesoWestRows.isMissing(number.unscaled, state);
        place[i] = missing ? null : new Decimal(number.unscaled, state);
      }
    }
    for (int field = 0; field < count; field++) {
      if (fields.end(field) - fields.start(field) > TEXT_BYTES_MAX) {
        return "field " + (field + 1) + " is longer than " + TEXT_BYTES_MAX + " bytes";
      }
    }
    stations.add(
        new StationRecord(
            new StationKey(network, id),
            name(count),
            text(dialect.state, count),
            text(dialect.country, count),
            place[0],
            place[1],
            place[2],
            text(dialect.networkName, count),
            status(text(dialect.status, count))));
    if (stations.size() == STATIONS_MAX) {
      flush();
    }
    return null;
  }

  /** A field, counted from the right when negative; {@code null} is empty. */
  private String text(int position, int count) {
    String text = fields.string(position < 0 ? count + position : position);
    return text.equalsIgnoreCase("null") ? "" : text;
  }

  /** The name: its own field and those that its unquoted commas made. */
  private String name(int count) {
    int last = dialect.name + count - dialect.fields;
    return last == dialect.name ? fields.string(last) : fields.string(dialect.name, last);
  }

  private static boolean isRowEnd(byte b) {
    return b == ';' || b == '\r' || b == ' ';
  }

  private String network(String text) {
    return text.isEmpty() ? defaultNetwork : text;
  }

  private static String status(String text) {
    return switch (text.toLowerCase(Locale.ROOT)) {
      case "true" -> "ACTIVE";
      case "false" -> "INACTIVE";
      default -> text;
    };
  }

  private void flush() {
    if (!stations.isEmpty()) {
      List<StationRecord> full = stations;
      stations = new ArrayList<>();
      sink.stations(full);
    }
  }
}
