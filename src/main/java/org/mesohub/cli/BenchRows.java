package org.mesohub.cli;

import com.google.protobuf.ByteString;
import java.util.Random;
import org.mesohub.grpc.BatchCodec;
import org.mesohub.observation.VariableDictionary;
import org.mesohub.proto.v1.Cells;
import org.mesohub.proto.v1.ColumnBatch;
import org.mesohub.proto.v1.PutHeader;
import org.mesohub.proto.v1.PutToken;
import org.mesohub.proto.v1.Station;

/**
 * Makes the rows that a load test puts: the MesoWest columns of one network, new keys each time.
 */
final class BenchRows {
  static final String NETWORK = "bench";

  private static final long MICROS_PER_MINUTE = 60_000_000L;

  /** Values have two digits after the point and stay within what instruments show. */
  private static final byte SCALE = 2;

  private final int rows;
  private final Random random;
  private final String client;
  private long nextMinute;
  private long sequence;

  /**
   * @param rows rows of each put: that many stations at one minute
   * @param startMicros time of the first put; each later one is a minute after the one before
   */
  BenchRows(int rows, long startMicros, long seed, String client) {
    this.rows = rows;
    this.random = new Random(seed);
    this.client = client;
    this.nextMinute = Math.floorDiv(startMicros, MICROS_PER_MINUTE);
  }

  PutHeader header() {
    return PutHeader.newBuilder()
        .setSource("bench")
        .setToken(PutToken.newBuilder().setClient(client).setSequence(sequence++))
        .addAllColumns(BatchCodec.columnsOf(VariableDictionary.mesowest()))
        .build();
  }

  ColumnBatch batch() {
    var batch = ColumnBatch.newBuilder().setRows(rows);
    for (int i = 0; i < rows; i++) {
      batch.addStations(Station.newBuilder().setNetwork(NETWORK).setId("B" + i));
      batch.addStation(i);
      batch.addTimeDeltaUs(i == 0 ? nextMinute * MICROS_PER_MINUTE : 0);
    }
    nextMinute++;
    ByteString state = ByteString.copyFrom(new byte[] {SCALE});
    for (int c = 0; c < VariableDictionary.mesowest().size(); c++) {
      var cells = Cells.newBuilder().setState(state);
      for (int i = 0; i < rows; i++) {
        cells.addUnscaled(random.nextInt(9_000));
      }
      batch.addColumns(cells);
    }
    return batch.build();
  }
}
