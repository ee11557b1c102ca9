package org.mesohub.format;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.mesohub.observation.Timestamps;

/** Tells a format by its first bytes. */
final class Sniffer {
  /** What is accepted, for messages. */
  static final String ACCEPTED =
      "accepted are MesoWest .out, 16-column CSV (STN,yyyy-MM-dd HH:mm:ss,MNET,...), CSV with a heading network,station,time,...,"
          + " and station lists (mesowest_csv.tbl, catalog.csv), plain or gzip";

  private static final int QUOTED_CHARS_MAX = 60;

  /** Beginnings of formats that are not read, and their names. */
  private static final List<Magic> MAGICS =
      List.of(
          new Magic("\u001f\u008b", "gzip inside gzip; unpack it once"),
          new Magic("CDF\u0001", "netCDF classic"),
          new Magic("CDF\u0002", "netCDF classic, 64-bit offsets"),
          new Magic("CDF\u0005", "netCDF classic, 64-bit data"),
          new Magic("\u0089HDF", "HDF5 or netCDF-4"),
          new Magic("\u00ff\u00fe", "UTF-16 text; save it as UTF-8"),
          new Magic("\u00fe\u00ff", "UTF-16 text; save it as UTF-8"),
          new Magic("PK\u0003\u0004", "a zip archive; unpack it"),
          new Magic("BZh", "bzip2; unpack it"),
          new Magic("\u00fd7zXZ", "xz; unpack it"),
          new Magic("\u0028\u00b5\u002f\u00fd", "zstd; unpack it"),
          new Magic("PAR1", "Parquet"),
          new Magic("GRIB", "GRIB"),
          new Magic("BUFR", "BUFR"),
          new Magic("%PDF", "PDF"));

  private Sniffer() {}

  /** A beginning of a file, one char per byte, and what it means. */
  private record Magic(String bytes, String name) {}

  /**
   * The name of a format that is not read; null when the bytes are none of those known, or too few
   * to tell.
   */
  static @Nullable String foreign(byte[] b, int off, int len) {
    for (Magic magic : MAGICS) {
      if (len >= magic.bytes.length() && startsWith(b, off, magic.bytes)) {
        return magic.name;
      }
    }
    return null;
  }

  /**
   * Makes the reader for a text whose first line that is not blank is given; throws when there is
   * none.
   */
  static FormatReader reader(byte[] b, int off, int length, ReaderOptions options, RowSink sink) {
    int len = length;
    while (len > 0 && (b[off + len - 1] == '\r' || b[off + len - 1] == ' ')) {
      len--;
    }
    for (int i = off; i < off + len; i++) {
      if (b[i] == 0) {
        throw new FormatException(
            "input is binary data (or UTF-16), its first line holds a zero byte; " + ACCEPTED, i);
      }
    }
    String line = new String(b, off, len, StandardCharsets.UTF_8);
    String stripped = line.strip();
    for (StationListReader.Dialect dialect : StationListReader.Dialect.values()) {
      if (line.toLowerCase(Locale.ROOT).startsWith(dialect.heading)) {
        return new StationListReader(dialect, options, sink);
      }
    }
    if (stripped.startsWith(MesoWestRows.PARM)
        || stripped.startsWith("STN ")
        || isMesoWestRecord(b, off, len)) {
      return new RowReader(false, options, sink);
    }
    if (isCsv(b, off, len)) {
      return new RowReader(true, options, sink);
    }
    throw new FormatException("not a known format: %s; %s".formatted(seen(stripped), ACCEPTED), 0);
  }

  private static boolean isMesoWestRecord(byte[] b, int off, int len) {
    return len > 22 && Timestamps.parseMesoWest(b, off + 9) != Timestamps.INVALID;
  }

  private static boolean isCsv(byte[] b, int off, int len) {
    var fields = new CsvFields();
    int count = fields.split(b, off, off + len);
    if (count < 3) {
      return false;
    }
    int start = fields.start(1);
    boolean row =
        count >= CsvLayout.STATION_ROW_FIELDS
            && count <= CsvLayout.CONTRACT.size() + 1
            && Timestamps.parse(fields.bytes(), start, fields.end(1) - start) != Timestamps.INVALID;
    return row || CsvLayout.isHeading(fields.strings());
  }

  private static String seen(String line) {
    String cut =
        line.length() > QUOTED_CHARS_MAX ? line.substring(0, QUOTED_CHARS_MAX) + "..." : line;
    String printable = cut.replaceAll("\\p{Cntrl}", "?");
    String quoted = "first line is '" + printable + "'";
    if (line.startsWith("<")) {
      return quoted + " (HTML or XML: perhaps an error page was downloaded)";
    }
    if (line.startsWith("{") || line.startsWith("[")) {
      return quoted + " (JSON)";
    }
    if (line.startsWith("station\tvalid") || line.startsWith("station,valid")) {
      return quoted + " (IEM)";
    }
    if (line.startsWith("101 !")) {
      return quoted + " (Oklahoma MTS/MDF)";
    }
    return line.startsWith("\"TOA5\"") ? quoted + " (TOA5)" : quoted;
  }

  private static boolean startsWith(byte[] b, int off, String text) {
    for (int i = 0; i < text.length(); i++) {
      if ((b[off + i] & 0xFF) != text.charAt(i)) {
        return false;
      }
    }
    return true;
  }
}
