package org.mesohub.format;

import org.jspecify.annotations.Nullable;

/**
 * Reads the messages of a put of the 2018 contract. Every message stands alone: its last line may
 * lack the line end, and a {@code PARM} heading holds to the message's end. Each line may be a row
 * of the 16-column CSV, a station row of 11 columns, or a raw MesoWest record; headings and blank
 * lines are skipped. Rows of many messages share batches; lines are counted through all messages. A
 * bad row is a reject and nothing here throws {@link FormatException}. Not thread-safe.
 */
public final class ContractText {
  private final BatchFiller filler;
  private final Rejects rejects;
  private final MesoWestRows mesowest;
  private final CsvRows csv;
  private final LineSplitter splitter;
  private boolean otherLayout;
  private @Nullable String badHeading;

  public ContractText(ReaderOptions options, RowSink sink) {
    filler = new BatchFiller(options, sink);
    rejects = new Rejects(sink);
    mesowest = new MesoWestRows(filler, rejects);
    csv = new CsvRows(filler, rejects);
    splitter =
        new LineSplitter(
            new LineSplitter.Lines() {
              @Override
              public void line(byte[] b, int off, int len, long line) {
                read(b, off, len, line);
              }

              @Override
              public void tooLong(byte[] b, int off, int len, long line) {
                rejects.tooLong(line, b, off, len);
              }
            });
  }

  /** Reads the rows of one message; the array may be reused after the call. */
  public void message(byte[] buf, int off, int len) {
    if (otherLayout) {
      mesowest.standardLayout();
      otherLayout = false;
    }
    badHeading = null;
    splitter.feed(buf, off, len);
    splitter.finish();
  }

  /** Hands over the rows that are left. */
  public void finish() {
    filler.flush();
  }

  private void read(byte[] b, int off, int len, long line) {
    if (hasComma(b, off, len)) {
      if (!isContractHeading(b, off, len)) {
        csv.record(b, off, len, line);
      }
      return;
    }
    String bad = mesowest.heading(b, off, len);
    if (bad == null) {
      otherLayout = true;
      badHeading = null;
    } else if (!bad.isEmpty()) {
      badHeading = bad;
    } else if (badHeading != null) {
      rejects.add(line, badHeading, b, off, len);
    } else {
      mesowest.record(b, off, len, line);
    }
  }

  /** Whether a CSV line is {@code STN,TIMESTAMP,...} or {@code STN,yyyy-MM-dd HH:mm:ss,...}. */
  private static boolean isContractHeading(byte[] b, int off, int len) {
    return len > 4
        && b[off] == 'S'
        && b[off + 1] == 'T'
        && b[off + 2] == 'N'
        && b[off + 3] == ','
        && (b[off + 4] < '0' || b[off + 4] > '9');
  }

  private static boolean hasComma(byte[] b, int off, int len) {
    for (int i = off; i < off + len; i++) {
      if (b[i] == ',') {
        return true;
      }
    }
    return false;
  }
}
