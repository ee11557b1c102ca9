package org.mesohub.format;

/** Makes readers. */
public final class FormatReaders {
  private FormatReaders() {}

  /** {@link #detect(ReaderOptions, RowSink)} with the usual options. */
  public static FormatReader detect(RowSink sink) {
    return detect(ReaderOptions.DEFAULTS, sink);
  }

  /**
   * A reader that finds out by itself: gzip or not, then MesoWest {@code .out}, the 16-column CSV
   * of the 2018 contract, or a station list ({@code mesowest_csv.tbl}, {@code catalog.csv}), or CSV
   * with the heading that {@code CsvWriter} writes. A {@link FormatException} may come after rows
   * were handed over (a file truncated in the middle): the sink's owner must then drop them.
   */
  public static FormatReader detect(ReaderOptions options, RowSink sink) {
    return new AutoReader(options, sink, false);
  }
}
