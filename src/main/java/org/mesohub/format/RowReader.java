package org.mesohub.format;

/** Reads one file of observations: MesoWest {@code .out} or CSV, as its first line decided. */
final class RowReader implements FormatReader, LineSplitter.Lines {
  private final BatchFiller filler;
  private final Rejects rejects;
  private final MesoWestRows mesowest;
  private final CsvRows csv;
  private final boolean isCsv;
  private final LineSplitter splitter = new LineSplitter(this);
  private boolean first = true;

  RowReader(boolean isCsv, ReaderOptions options, RowSink sink) {
    this.isCsv = isCsv;
    this.filler = new BatchFiller(options, sink);
    this.rejects = new Rejects(sink);
    this.mesowest = new MesoWestRows(filler, rejects);
    this.csv = new CsvRows(filler, rejects);
  }

  @Override
  public String format() {
    return isCsv ? "csv" : "mesowest";
  }

  @Override
  public void feed(byte[] buf, int off, int len) {
    splitter.feed(buf, off, len);
  }

  @Override
  public void finish() {
    splitter.finish();
    filler.flush();
  }

  @Override
  public void line(byte[] b, int off, int len, long line) {
    if (isCsv) {
      csvLine(b, off, len, line);
      return;
    }
    String bad = mesowest.heading(b, off, len);
    if (bad == null) {
      return;
    }
    if (!bad.isEmpty()) {
      throw new FormatException("line " + line + ": " + bad, 0);
    }
    mesowest.record(b, off, len, line);
  }

  private void csvLine(byte[] b, int off, int len, long line) {
    if (first && len > 0) {
      first = false;
      if (csv.heading(b, off, len)) {
        return;
      }
    }
    csv.record(b, off, len, line);
  }

  @Override
  public void tooLong(byte[] b, int off, int len, long line) {
    rejects.tooLong(line, b, off, len);
  }
}
