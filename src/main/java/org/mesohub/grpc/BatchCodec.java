package org.mesohub.grpc;

import static org.mesohub.grpc.Invalid.invalid;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.mesohub.observation.Column;
import org.mesohub.observation.ObservationBatch;
import org.mesohub.proto.v1.PutRequest;
import org.mesohub.proto.v1.QueryResponse;
import org.mesohub.proto.v1.Source;
import org.mesohub.query.AnswerBatch;
import org.mesohub.segment.Origin;

/**
 * Batches between the domain and {@code mesohub.v1.ColumnBatch}. Costs time by the cell: keep it
 * off event loops. What is read is checked whole; a batch that breaks a rule fails as INVALID with
 * the field's name.
 */
public final class BatchCodec {
  /** Most rows of a batch on the wire. */
  public static final int ROWS_MAX = 65_536;

  private BatchCodec() {}

  /** A serialized {@link QueryResponse} that holds the batch. */
  public static byte[] queryResponse(AnswerBatch batch) {
    return BatchEncoder.message(QueryResponse.BATCH_FIELD_NUMBER, batch);
  }

  /** A serialized {@link PutRequest} that holds the rows, for clients. */
  public static byte[] putRequest(ObservationBatch rows) {
    return BatchEncoder.message(
        PutRequest.BATCH_FIELD_NUMBER, new AnswerBatch(rows, null, List.of(), null));
  }

  /** The serialized batch. */
  public static byte[] encode(AnswerBatch batch) {
    return BatchEncoder.batch(batch);
  }

  /** Columns of a header, in order. */
  public static List<Column> columns(List<org.mesohub.proto.v1.Column> columns) {
    return Columns.read(columns);
  }

  /** Column identities for the header of a put, without display names. */
  public static List<org.mesohub.proto.v1.Column> columnsOf(List<Column> columns) {
    return columns.stream().map(Columns::identity).toList();
  }

  /** Rows that a client puts. */
  static ObservationBatch rows(WireBatch batch, List<Column> columns) {
    if (batch.flags.length() > 0 || batch.commit.size() > 0 || batch.source.size() > 0) {
      throw invalid("batch: flags, commit and source belong to answers; leave them out of a put");
    }
    return BatchDecoder.rows(batch, columns);
  }

  /** A batch of an answer. */
  static AnswerBatch answer(WireBatch batch, List<Column> columns) {
    ObservationBatch rows = BatchDecoder.rows(batch, columns);
    byte[] flags = null;
    if (batch.flags.length() > 0) {
      BatchDecoder.length("batch.flags", batch.flags.length(), rows.rows());
      flags = batch.flags.copy();
    }
    int[] origin = origin(batch, rows.rows());
    var origins = new ArrayList<Origin>();
    if (origin != null) {
      long[] commits = new long[batch.sources.size()];
      for (int i = 0; i < origin.length; i++) {
        commits[origin[i]] = batch.commit.values()[i];
      }
      for (int i = 0; i < commits.length; i++) {
        origins.add(origin(batch.sources.get(i), commits[i]));
      }
    }
    return new AnswerBatch(rows, flags, origins, origin);
  }

  private static int @Nullable [] origin(WireBatch batch, int rows) {
    if (batch.source.size() == 0 && batch.commit.size() == 0) {
      return null;
    }
    BatchDecoder.length("batch.source", batch.source.size(), rows);
    BatchDecoder.length("batch.commit", batch.commit.size(), rows);
    int[] origin = new int[rows];
    for (int i = 0; i < rows; i++) {
      origin[i] = batch.source.intAt(i);
      if (origin[i] < 0 || origin[i] >= batch.sources.size()) {
        throw invalid("batch.source[" + i + "]: no such entry in batch.sources");
      }
    }
    return origin;
  }

  private static Origin origin(Source source, long commit) {
    return new Origin(
        commit,
        source.getCluster(),
        source.getCommit(),
        source.getCommitTimeUs(),
        source.getSource(),
        source.getLicence());
  }
}
