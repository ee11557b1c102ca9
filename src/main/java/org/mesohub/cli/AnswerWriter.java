package org.mesohub.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.mesohub.format.BatchWriter;
import org.mesohub.format.ByteBuilder;
import org.mesohub.format.FormatException;
import org.mesohub.observation.Column;
import org.mesohub.observation.Provenance;
import org.mesohub.query.AnswerBatch;

/**
 * Turns an answer into bytes of a format. Decoding and formatting happen on the calling thread,
 * while the event loop receives.
 */
final class AnswerWriter {
  /** A batch of 8,192 wide rows fits without growing. */
  private static final int BUFFER_BYTES = 2 << 20;

  private final AnswerFormat format;
  private final boolean history;
  private final OutputStream out;
  private final ByteBuilder buffer = new ByteBuilder(BUFFER_BYTES);
  private final AtomicLong rows = new AtomicLong();

  AnswerWriter(AnswerFormat format, boolean history, OutputStream out) {
    this.format = format;
    this.history = history;
    this.out = out;
  }

  /** Rows written so far; readable from any thread. */
  long rows() {
    return rows.get();
  }

  /**
   * Writes the whole answer.
   *
   * @throws IOException when the output does not take it
   */
  void write(RowsAnswer answer) throws IOException {
    BatchWriter writer = format.writer(shown(answer.columns()));
    try {
      writer.head(buffer);
      for (AnswerBatch batch = answer.next(); batch != null; batch = answer.next()) {
        writer.rows(HistoryColumns.with(batch), buffer);
        flush();
        rows.addAndGet(batch.rows().rows());
      }
      writer.tail(buffer);
      flush();
    } catch (FormatException e) {
      throw new CliException(
          ExitCode.REFUSED, "--format " + format + ": " + e.getMessage() + "; try --format csv");
    }
  }

  private List<Column> shown(List<Column> columns) {
    if (!history) {
      return columns;
    }
    var all = new ArrayList<>(Provenance.COLUMNS);
    all.addAll(columns);
    return all;
  }

  private void flush() throws IOException {
    out.write(buffer.array(), 0, buffer.size());
    buffer.clear();
  }
}
