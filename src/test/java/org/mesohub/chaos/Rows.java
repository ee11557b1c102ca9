package org.mesohub.chaos;

import com.google.protobuf.ByteString;
import java.util.List;
import java.util.Random;
import org.mesohub.grpc.BatchCodec;
import org.mesohub.observation.Day;
import org.mesohub.observation.VariableDictionary;
import org.mesohub.proto.v1.Cells;
import org.mesohub.proto.v1.ColumnBatch;
import org.mesohub.proto.v1.PutHeader;
import org.mesohub.proto.v1.PutRequest;
import org.mesohub.proto.v1.PutToken;
import org.mesohub.proto.v1.QueryResponse;
import org.mesohub.proto.v1.Selection;
import org.mesohub.proto.v1.Station;

/**
 * Keys and values of a history as rows: a key is a station with one row, whose two columns both
 * hold the value. Neighbouring keys are on different days.
 *
 * @param network of the stations, of this history alone
 */
record Rows(String network) {
  private static final String FILLER = "filler";
  private static final int DAYS = 3;
  private static final long START_US = 17_606 * Day.MICROS + 10 * 3_600_000_000L;
  private static final int COLUMNS = 2;
  private static final int VALUES_BELOW = 1_000_000_000;

  /** More than travels inside a log entry, so that the put goes through chunks. */
  private static final int FILLER_ROWS = 20_000;

  /** Columns that disagree, or a row that is not whole: never put. */
  static final long BROKEN = -1;

  static String key(int number) {
    return "K" + number;
  }

  /**
   * The messages of a put.
   *
   * @param filler not null: adds rows that nobody reads, many and random
   */
  List<PutRequest> put(String client, long sequence, List<String> keys, long value, Random filler) {
    var header =
        PutHeader.newBuilder()
            .setSource("chaos")
            .setToken(PutToken.newBuilder().setClient(client).setSequence(sequence))
            .addAllColumns(BatchCodec.columnsOf(VariableDictionary.mesowest().subList(0, COLUMNS)));
    var batch = ColumnBatch.newBuilder();
    var cells = List.of(Cells.newBuilder(), Cells.newBuilder());
    long before = 0;
    for (String key : keys) {
      before = row(batch, network, key, time(key), before);
      cells.forEach(column -> column.addUnscaled(value));
    }
    if (filler != null) {
      long minute = START_US + filler.nextInt(600) * 60_000_000L;
      for (int i = 0; i < FILLER_ROWS; i++) {
        before = row(batch, FILLER, "F" + i, minute, before);
        cells.forEach(column -> column.addUnscaled(filler.nextInt(VALUES_BELOW)));
      }
    }
    batch.setRows(batch.getStationCount());
    ByteString state = ByteString.copyFrom(new byte[] {0});
    cells.forEach(column -> batch.addColumns(column.setState(state)));
    return List.of(
        PutRequest.newBuilder().setHeader(header).build(),
        PutRequest.newBuilder().setBatch(batch).build());
  }

  private static long row(
      ColumnBatch.Builder batch, String network, String station, long time, long before) {
    batch.addStation(batch.getStationsCount());
    batch.addStations(Station.newBuilder().setNetwork(network).setId(station));
    batch.addTimeDeltaUs(time - before);
    return time;
  }

  private static long time(String key) {
    return START_US + Integer.parseInt(key.substring(1)) % DAYS * Day.MICROS;
  }

  Selection selection(List<String> keys) {
    var selection = Selection.newBuilder();
    keys.forEach(key -> selection.addStations(network + "/" + key));
    return selection.build();
  }

  /** Commit that an answer shows. */
  static long commit(List<QueryResponse> answer) {
    if (!answer.get(0).hasHeader()) {
      throw new IllegalStateException("an answer that does not begin with its header");
    }
    return answer.get(0).getHeader().getCommit();
  }

  /** By position the keys what an answer has for them. */
  static long[] values(List<QueryResponse> answer, List<String> keys) {
    long[] values = new long[keys.size()];
    for (QueryResponse message : answer) {
      if (message.hasBatch()) {
        take(message.getBatch(), keys, values);
      }
    }
    return values;
  }

  /** Whether the answer has its last message. */
  static boolean isWhole(List<QueryResponse> answer) {
    return answer.size() > 1 && answer.get(answer.size() - 1).hasEnd();
  }

  private static void take(ColumnBatch batch, List<String> keys, long[] values) {
    for (int row = 0; row < batch.getRows(); row++) {
      int at = keys.indexOf(batch.getStations(batch.getStation(row)).getId());
      if (at < 0 || values[at] != Op.ABSENT) {
        throw new IllegalStateException("a row that was not asked for, or twice: " + batch);
      }
      values[at] = value(batch, row);
    }
  }

  private static long value(ColumnBatch batch, int row) {
    if (batch.getColumnsCount() != COLUMNS) {
      return BROKEN;
    }
    for (Cells cells : batch.getColumnsList()) {
      boolean whole = cells.getState().size() == 1 && cells.getState().byteAt(0) == 0;
      if (!whole || cells.getUnscaled(row) != batch.getColumns(0).getUnscaled(row)) {
        return BROKEN;
      }
    }
    return batch.getColumns(0).getUnscaled(row);
  }
}
