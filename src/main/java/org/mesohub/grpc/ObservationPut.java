package org.mesohub.grpc;

import static org.mesohub.grpc.Invalid.invalid;

import io.vertx.core.Future;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.mesohub.api.NodeApi;
import org.mesohub.api.PutOptions;
import org.mesohub.api.PutOutcome;
import org.mesohub.api.PutSession;
import org.mesohub.observation.Column;
import org.mesohub.observation.ObservationBatch;
import org.mesohub.proto.v1.ColumnBatch;
import org.mesohub.proto.v1.PutHeader;
import org.mesohub.proto.v1.PutRequest;

/**
 * One {@code Put} of {@code mesohub.v1}: a header, then bytes or batches.
 *
 * <pre>
 *   start ── header ──► open ── data ──► bytes ──┐
 *                        │ └── batch ─► batches ─┤ (more of the same kind)
 *                        └──────── end ──────────┴──► finish
 * </pre>
 */
final class ObservationPut {
  /** Most bytes of a file in one message. */
  static final int DATA_BYTES_MAX = 1024 * 1024;

  /**
   * Batch messages up to this size are read on the event loop, for a change of threads costs more,
   * in bytes.
   */
  private static final int INLINE_BYTES_MAX = 8 * 1024;

  private final NodeApi node;
  private final Call call;
  private State state = State.START;
  private boolean dryRun;
  private List<Column> columns = List.of();
  private @Nullable PutSession session;

  private enum State {
    START,
    OPEN,
    BYTES,
    BATCHES
  }

  private ObservationPut(NodeApi node, Call call) {
    this.node = node;
    this.call = call;
  }

  static void handle(NodeApi node, Call call) {
    var put = new ObservationPut(node, call);
    Inbound.feed(call, put::message, put::finish);
  }

  private Future<Void> message(Inbound.Bytes bytes) {
    Inbound.Bytes data = bytes.onlyField(PutRequest.DATA_FIELD_NUMBER);
    if (data != null) {
      return data(data);
    }
    if (bytes.beginsWith(PutRequest.BATCH_FIELD_NUMBER)) {
      PutSession open = enter(State.BATCHES);
      return bytes.length() <= INLINE_BYTES_MAX
          ? open.batch(rows(bytes))
          : call.vertx().executeBlocking(() -> rows(bytes), false).compose(open::batch);
    }
    return part(Inbound.parse(PutRequest.parser(), bytes));
  }

  private Future<Void> part(PutRequest request) {
    return switch (request.getPartCase()) {
      case HEADER -> header(request.getHeader());
      case DATA -> data(Inbound.Bytes.of(request.getData().toByteArray()));
      case BATCH -> enter(State.BATCHES).batch(rows(request.getBatch()));
      case PART_NOT_SET ->
          throw invalid("a message holds a header, data or a batch; one held none");
    };
  }

  private Future<Void> header(PutHeader header) {
    if (state != State.START) {
      throw invalid("header: a second one came; one header begins the stream");
    }
    PutOptions options = Requests.options(header, call.principal().name());
    columns = Columns.read(header.getColumnsList());
    dryRun = header.getDryRun();
    PutSession opened = node.put(options);
    call.cleanup(opened::cancel);
    session = opened;
    state = State.OPEN;
    return Future.succeededFuture();
  }

  private Future<Void> data(Inbound.Bytes data) {
    if (data.length() > DATA_BYTES_MAX) {
      throw invalid("data: " + data.length() + " bytes in one message, at most " + DATA_BYTES_MAX);
    }
    PutSession open = enter(State.BYTES);
    Inbound.Bytes kept = data.compact();
    return open.bytes(kept.array(), kept.from(), kept.length());
  }

  /** Rows of a message that begins with a batch; costs time by the cell. */
  private ObservationBatch rows(Inbound.Bytes message) {
    Inbound.Bytes batch = message.onlyField(PutRequest.BATCH_FIELD_NUMBER);
    if (batch != null) {
      return BatchCodec.rows(WireBatch.of(batch, columns.size()), columns);
    }
    PutRequest request = Inbound.parse(PutRequest.parser(), message);
    if (!request.hasBatch()) {
      throw invalid("a message holds a header, data or a batch; one held several");
    }
    return rows(request.getBatch());
  }

  private ObservationBatch rows(ColumnBatch batch) {
    var bytes = Inbound.Bytes.of(batch.toByteArray());
    return BatchCodec.rows(WireBatch.of(bytes, columns.size()), columns);
  }

  /** The session, now taking parts of a kind. */
  private PutSession enter(State kind) {
    if (session == null) {
      throw invalid("the first message of a put is the header");
    }
    if (state != State.OPEN && state != kind) {
      throw invalid("data and batches came in one stream: send one kind");
    }
    state = kind;
    return session;
  }

  private void finish() {
    if (session == null) {
      throw invalid("the stream ended before the header came");
    }
    if (state == State.OPEN) {
      throw invalid("the put is empty: after the header comes the file's bytes, or batches");
    }
    session.finish().onComplete(this::stored, call::fail);
  }

  private void stored(PutOutcome outcome) {
    call.metrics().put(outcome, dryRun);
    call.end(Replies.put(outcome));
  }
}
