package org.mesohub.cli;

import io.vertx.grpc.common.ServiceMethod;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.mesohub.api.ApiException;
import org.mesohub.grpc.AnswerMessage;
import org.mesohub.grpc.BatchCodec;
import org.mesohub.observation.Column;
import org.mesohub.proto.v1.PeerOutcome;
import org.mesohub.proto.v1.QueryEnd;
import org.mesohub.proto.v1.QueryHeader;
import org.mesohub.proto.v1.QueryResponse;
import org.mesohub.query.AnswerBatch;

/**
 * An answer of rows: its header, then batches. The event loop receives and reads numbers; they
 * become rows on the thread that asks for them.
 */
final class RowsAnswer implements AutoCloseable {
  private final AnswerReader<AnswerMessage> messages;
  private final QueryHeader header;
  private final List<Column> columns;
  private List<PeerOutcome> peers = List.of();

  private RowsAnswer(AnswerReader<AnswerMessage> messages) {
    this.messages = messages;
    AnswerMessage first = messages.next();
    QueryHeader given = first == null ? null : first.header();
    if (given == null) {
      throw CallException.lost("the answer has no header; is this a Mesohub node?");
    }
    this.header = given;
    this.columns = BatchCodec.columns(given.getColumnsList());
  }

  /** Asks, and waits for the header. */
  static <Q> RowsAnswer open(NodeClient client, ServiceMethod<QueryResponse, Q> method, Q request) {
    AnswerReader<AnswerMessage> messages =
        AnswerReader.open(client, AnswerMessage.of(method), request);
    try {
      return new RowsAnswer(messages);
    } catch (RuntimeException e) {
      messages.close();
      throw unreadable(e);
    }
  }

  QueryHeader header() {
    return header;
  }

  List<Column> columns() {
    return columns;
  }

  /** What came of other clusters that were asked; complete at the end. */
  List<PeerOutcome> peers() {
    return peers;
  }

  /** The next rows, null at the end; blocks. */
  @Nullable AnswerBatch next() {
    AnswerMessage next = messages.next();
    while (next != null && !next.isBatch()) { // what the rows come from, then the end
      QueryEnd end = next.end();
      if (end != null) {
        peers = end.getPeersList();
      }
      next = messages.next();
    }
    try {
      return next == null ? null : next.batch(columns);
    } catch (ApiException e) {
      throw unreadable(e);
    }
  }

  private static RuntimeException unreadable(RuntimeException e) {
    return e instanceof ApiException
        ? CallException.lost("the answer cannot be read (" + e.getMessage() + ")")
        : e;
  }

  /** Stops the node from going on; without effect at the end. */
  @Override
  public void close() {
    messages.close();
  }
}
