package org.mesohub.cli;

import com.google.protobuf.InvalidProtocolBufferException;
import java.util.List;
import org.mesohub.grpc.BatchCodec;
import org.mesohub.observation.Column;
import org.mesohub.observation.ColumnVector;
import org.mesohub.observation.ObservationBatch;
import org.mesohub.observation.StationKey;
import org.mesohub.proto.v1.QueryResponse;
import org.mesohub.query.AnswerBatch;

/** Rows to answer with. */
final class BatchRows {
  private BatchRows() {}

  /** Two stations at 2018-03-16T22:15Z, 35.60 degF and none. */
  static ObservationBatch two() {
    Column column = Column.decimal("air_temperature", 0, "[degF]");
    long time = 1_521_238_500_000_000L;
    return new ObservationBatch(
        2,
        List.of(new StationKey("1", "KSLC"), new StationKey("8", "X")),
        new int[] {0, 1},
        new long[] {time, time},
        List.of(new ColumnVector.Decimals(column, 2, new byte[] {2, -1}, new long[] {3560, 0})));
  }

  static QueryResponse response(ObservationBatch rows) {
    try {
      return QueryResponse.parseFrom(
          BatchCodec.queryResponse(new AnswerBatch(rows, null, List.of(), null)));
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException(e);
    }
  }
}
