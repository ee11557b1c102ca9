package org.mesohub.grpc;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.google.protobuf.ByteString;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;
import org.mesohub.api.ApiException;
import org.mesohub.observation.Column;
import org.mesohub.observation.ObservationBatch;
import org.mesohub.proto.v1.PutHeader;
import org.mesohub.proto.v1.PutRequest;

/**
 * A put of batches from the wire: the first bytes' length tells how much is the header with the
 * columns, the rest is the message with the rows.
 */
class ColumnBatchFuzz {
  static Stream<byte[]> seeds() {
    return IntStream.range(0, 12)
        .mapToObj(
            seed -> {
              var random = new Random(seed);
              List<Column> columns = RandomBatches.columns(random);
              byte[] header =
                  PutHeader.newBuilder()
                      .addAllColumns(BatchCodec.columnsOf(columns))
                      .build()
                      .toByteArray();
              byte[] rows =
                  BatchCodec.putRequest(RandomBatches.batch(random, random.nextInt(8), columns));
              return ByteString.copyFrom(
                      new byte[] {(byte) (header.length >> 8), (byte) header.length})
                  .concat(ByteString.copyFrom(header))
                  .concat(ByteString.copyFrom(rows))
                  .toByteArray();
            });
  }

  @MethodSource("seeds")
  @FuzzTest
  void any_message_is_rows_or_invalid(byte[] input) {
    if (input.length < 2) {
      return;
    }
    int headerLength = Math.min((input[0] & 0xff) << 8 | input[1] & 0xff, input.length - 2);
    byte[] header = java.util.Arrays.copyOfRange(input, 2, 2 + headerLength);
    byte[] message = java.util.Arrays.copyOfRange(input, 2 + headerLength, input.length);
    try {
      List<Column> columns =
          BatchCodec.columns(Inbound.parse(PutHeader.parser(), header).getColumnsList());
      var batch = Inbound.parse(PutRequest.parser(), message).getBatch();
      var bytes = Inbound.Bytes.of(batch.toByteArray());
      comesBack(BatchCodec.rows(WireBatch.of(bytes, columns.size()), columns), columns);
      BatchCodec.answer(WireBatch.of(bytes, columns.size()), columns);
    } catch (ApiException e) {
      if (e.reason() != ApiException.Reason.INVALID) {
        throw e;
      }
    }
  }

  private static void comesBack(ObservationBatch rows, List<Column> columns) {
    byte[] again = BatchCodec.putRequest(rows);
    Inbound.Bytes batch = Inbound.Bytes.of(again).onlyField(PutRequest.BATCH_FIELD_NUMBER);
    ObservationBatch back = BatchCodec.rows(WireBatch.of(batch, columns.size()), columns);
    if (!BatchText.of(back).equals(BatchText.of(rows))) {
      throw new AssertionError("rows changed on the wire:\n" + BatchText.of(rows));
    }
  }
}
