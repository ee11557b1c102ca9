package org.mesohub.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.mesohub.format.BatchWriter;
import org.mesohub.format.ByteBuilder;
import org.mesohub.format.FormatException;
import org.mesohub.grpc.BatchCodec;
import org.mesohub.observation.Column;
import org.mesohub.observation.Provenance;
import org.mesohub.proto.v1.ColumnBatch;
import org.mesohub.proto.v1.QueryHeader;
import org.mesohub.proto.v1.QueryResponse;

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

  /** The header, which comes first in every answer. */
  static QueryHeader header(AnswerReader<QueryResponse> answer) {
    QueryResponse first = answer.next();
    if (first == null || !first.hasHeader()) {
      throw CallException.lost("the answer has no header; is this a Mesohub node?");
    }
    return first.getHeader();
  }

  /**
   * Writes the whole answer.
   *
   * @throws IOException when the output does not take it
   */
  void write(AnswerReader<QueryResponse> answer) throws IOException {
    List<Column> columns = BatchCodec.columns(header(answer).getColumnsList());
    BatchWriter writer = format.writer(shown(columns));
    try {
      writer.head(buffer);
      for (ColumnBatch batch = batch(answer); batch != null; batch = batch(answer)) {
        writer.rows(HistoryColumns.with(BatchCodec.answer(batch, columns)), buffer);
        flush();
        rows.addAndGet(batch.getRows());
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

  static @Nullable ColumnBatch batch(AnswerReader<QueryResponse> answer) {
    QueryResponse next = answer.next();
    while (next != null && !next.hasBatch()) { // what the rows come from, then the end
      next = answer.next();
    }
    return next == null ? null : next.getBatch();
  }

  private void flush() throws IOException {
    out.write(buffer.array(), 0, buffer.size());
    buffer.clear();
  }
}
