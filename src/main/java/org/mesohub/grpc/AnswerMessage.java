package org.mesohub.grpc;

import static org.mesohub.grpc.Invalid.invalid;

import io.vertx.grpc.common.CodecException;
import io.vertx.grpc.common.GrpcMessage;
import io.vertx.grpc.common.GrpcMessageDecoder;
import io.vertx.grpc.common.ServiceMethod;
import io.vertx.grpc.common.WireFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.mesohub.api.ApiException;
import org.mesohub.observation.Column;
import org.mesohub.proto.v1.QueryEnd;
import org.mesohub.proto.v1.QueryHeader;
import org.mesohub.proto.v1.QueryResponse;
import org.mesohub.query.AnswerBatch;

/**
 * One {@code mesohub.v1.QueryResponse}, for clients. Numbers are read into arrays where the message
 * arrives, without a generated message between; what they mean is checked where the rows are asked
 * for, on whatever thread that is.
 */
public final class AnswerMessage {
  /** More columns than the rows of an answer have; beyond it they are only counted. */
  private static final int COLUMNS_MAX = 1 << 14;

  private final @Nullable WireBatch batch;
  private final QueryResponse other;

  private AnswerMessage(@Nullable WireBatch batch, QueryResponse other) {
    this.batch = batch;
    this.other = other;
  }

  /**
   * The method of a service, but with answers of this kind.
   *
   * @param <Q> request
   */
  public static <Q> ServiceMethod<AnswerMessage, Q> of(ServiceMethod<QueryResponse, Q> method) {
    return ServiceMethod.client(
        method.serviceName(), method.methodName(), method.encoder(), new Decoder());
  }

  /**
   * @param message serialized, and not changed from now on
   * @throws ApiException INVALID when it cannot be read
   */
  public static AnswerMessage read(byte[] message) {
    return read(Inbound.Bytes.of(message));
  }

  private static AnswerMessage read(Inbound.Bytes message) {
    Inbound.Bytes only = message.onlyField(QueryResponse.BATCH_FIELD_NUMBER);
    if (only != null) {
      return of(only);
    }
    QueryResponse parsed = Inbound.parse(QueryResponse.parser(), message);
    return parsed.hasBatch()
        ? of(Inbound.Bytes.of(parsed.getBatch().toByteArray()))
        : new AnswerMessage(null, parsed);
  }

  private static AnswerMessage of(Inbound.Bytes batch) {
    return new AnswerMessage(WireBatch.of(batch, COLUMNS_MAX), QueryResponse.getDefaultInstance());
  }

  /** The header, when the message is one. */
  public @Nullable QueryHeader header() {
    return other.hasHeader() ? other.getHeader() : null;
  }

  /** What comes last, when the message is that. */
  public @Nullable QueryEnd end() {
    return other.hasEnd() ? other.getEnd() : null;
  }

  public boolean isBatch() {
    return batch != null;
  }

  /** How many rows a batch says it has; 0 for other messages. */
  public int rows() {
    return batch == null ? 0 : batch.rows;
  }

  /**
   * The rows of a batch.
   *
   * @param columns those of the header
   * @throws ApiException INVALID, with the name of the field, when a rule is broken
   */
  public AnswerBatch batch(List<Column> columns) {
    if (batch == null) {
      throw invalid("the message holds no batch");
    }
    return BatchCodec.answer(batch, columns);
  }

  private static final class Decoder implements GrpcMessageDecoder<AnswerMessage> {
    @Override
    public AnswerMessage decode(GrpcMessage message) {
      try {
        return read(Inbound.Bytes.of(message.payload()));
      } catch (ApiException e) {
        throw new CodecException(e);
      }
    }

    @Override
    public boolean accepts(WireFormat format) {
      return format == WireFormat.PROTOBUF;
    }
  }
}
