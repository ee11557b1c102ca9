package org.mesohub.format;

/**
 * What a generator invents, cut into files of equal numbers of rows instead of hours; for loads of
 * a certain size.
 */
public final class GeneratedParts {
  private static final int RECORD = GeneratedStation.RECORD + 1;

  private final MesoWestGenerator generator;
  private final int rowsPerFile;
  private long hoursLeft;
  private long rowsLeft;
  private int part;

  /** Records of the last hour that are in no file yet: all from a position on. */
  private byte[] hour = new byte[0];

  private int at;

  /**
   * @param hours hours to invent; Long.MAX_VALUE for as many as it takes
   * @param rows rows to invent, at most; Long.MAX_VALUE for all of the hours
   */
  public GeneratedParts(MesoWestGenerator generator, int rowsPerFile, long hours, long rows) {
    this.generator = generator;
    this.rowsPerFile = rowsPerFile;
    this.hoursLeft = hours;
    this.rowsLeft = rows;
  }

  /** The next file, of no rows at the end. */
  public MesoWestGenerator.File next() {
    int wanted = (int) Math.min(rowsPerFile, rowsLeft);
    var out = new ByteBuilder(Math.min(wanted, 1 << 16) * RECORD);
    new MesoWestWriter().head(out);
    int rows = 0;
    while (rows < wanted && (at < hour.length || nextHour())) {
      int some = Math.min(wanted - rows, (hour.length - at) / RECORD);
      int bytes = some * RECORD;
      out.append(hour, at, bytes);
      at += bytes;
      rows += some;
    }
    rowsLeft -= rows;
    return new MesoWestGenerator.File(
        String.format(java.util.Locale.ROOT, "part-%06d.mesowest.out", ++part),
        out.toBytes(),
        rows);
  }

  private boolean nextHour() {
    if (hoursLeft == 0) {
      return false;
    }
    hoursLeft--;
    MesoWestGenerator.File file = generator.nextHour();
    hour = file.bytes();
    at = hour.length - file.rows() * RECORD;
    return true;
  }
}
