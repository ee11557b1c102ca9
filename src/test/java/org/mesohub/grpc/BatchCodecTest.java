package org.mesohub.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.mesohub.api.ApiException;
import org.mesohub.observation.Column;
import org.mesohub.observation.ObservationBatch;
import org.mesohub.observation.StationKey;
import org.mesohub.observation.TimeRange;
import org.mesohub.observation.ValueKind;
import org.mesohub.proto.v1.Cells;
import org.mesohub.proto.v1.ColumnBatch;
import org.mesohub.proto.v1.PutRequest;
import org.mesohub.proto.v1.Station;
import org.mesohub.query.AnswerBatch;

class BatchCodecTest {
  private static final Column DECIMAL = Column.decimal("air_temperature", 0, "K");
  private static final Column FLOAT =
      new Column("wind_speed", "10", 0, 0, "m/s", ValueKind.FLOAT32);
  private static final Column TEXT = new Column("weather", "", 0, 0, "", ValueKind.TEXT);
  private static final List<Column> COLUMNS = List.of(DECIMAL, FLOAT, TEXT);

  @Test
  void givesEveryBatchBackAsItWas() throws Exception {
    for (int seed = 0; seed < 300; seed++) {
      var random = new Random(seed);
      List<Column> columns = RandomBatches.columns(random);
      AnswerBatch batch =
          RandomBatches.answer(random, seed % 4 == 0 ? seed % 3 : random.nextInt(300), columns);
      AnswerMessage message = AnswerMessage.read(BatchCodec.queryResponse(batch));
      assertThat(message.rows()).isEqualTo(batch.rows().rows());
      AnswerBatch back = message.batch(columns);
      assertThat(BatchText.of(back)).as("seed %d", seed).isEqualTo(BatchText.of(batch));
    }
  }

  @Test
  void givesPutRowsBackAsTheyWere() throws Exception {
    for (int seed = 0; seed < 100; seed++) {
      var random = new Random(seed);
      List<Column> columns = RandomBatches.columns(random);
      ObservationBatch rows = RandomBatches.batch(random, random.nextInt(500), columns);
      PutRequest message = PutRequest.parseFrom(BatchCodec.putRequest(rows));
      ObservationBatch back = rows(message.getBatch(), columns);
      assertThat(BatchText.of(back)).as("seed %d", seed).isEqualTo(BatchText.of(rows));
    }
  }

  @Test
  void writesNothingThatProtobufWouldWriteDifferently() throws Exception {
    for (int seed = 0; seed < 50; seed++) {
      var random = new Random(seed);
      List<Column> columns = RandomBatches.columns(random);
      byte[] ours = BatchCodec.encode(RandomBatches.answer(random, random.nextInt(100), columns));
      ColumnBatch parsed = ColumnBatch.parseFrom(ours);
      assertThat(parsed.getUnknownFields().asMap()).as("seed %d", seed).isEmpty();
      assertThat(ColumnBatch.parseFrom(parsed.toByteArray())).as("seed %d", seed).isEqualTo(parsed);
      assertThat(ours.length)
          .as("seed %d", seed)
          .isLessThanOrEqualTo(parsed.getSerializedSize() + 64 + 5 * 100);
    }
  }

  @Test
  void sendsOneStateByteWhenAllRowsHaveTheSame() throws Exception {
    ObservationBatch rows = RandomBatches.mesowest(new Random(1), 1, 0);
    ColumnBatch one =
        ColumnBatch.parseFrom(BatchCodec.encode(new AnswerBatch(rows, null, List.of(), null)));
    assertThat(one.getColumnsList()).allMatch(cells -> cells.getState().size() == 1);
  }

  @Test
  void leavesUnusedStationsOut() throws Exception {
    ObservationBatch rows =
        new ObservationBatch(
            1,
            List.of(new StationKey("1", "A"), new StationKey("1", "B")),
            new int[] {1},
            new long[] {5},
            List.of());
    ColumnBatch batch =
        ColumnBatch.parseFrom(BatchCodec.encode(new AnswerBatch(rows, null, List.of(), null)));
    assertThat(batch.getStationsList())
        .containsExactly(Station.newBuilder().setNetwork("1").setId("B").build());
  }

  /** Two rows that break no rule. */
  private static ColumnBatch.Builder good() {
    return ColumnBatch.newBuilder()
        .setRows(2)
        .addStations(Station.newBuilder().setNetwork("1").setId("KSLC"))
        .addStation(0)
        .addStation(0)
        .addTimeDeltaUs(1_000_000)
        .addTimeDeltaUs(60_000_000)
        .addColumns(Cells.newBuilder().setState(bytes(2)).addUnscaled(1).addUnscaled(2))
        .addColumns(Cells.newBuilder().setState(bytes(0, 254)).addFloat32(1))
        .addColumns(Cells.newBuilder().setState(bytes(255, 0)).addText(0).addDictionary("RA"));
  }

  private static ObservationBatch rows(ColumnBatch batch, List<Column> columns) {
    return BatchCodec.rows(
        WireBatch.of(Inbound.Bytes.of(batch.toByteArray()), columns.size()), columns);
  }

  private static ByteString bytes(int... values) {
    byte[] bytes = new byte[values.length];
    for (int i = 0; i < values.length; i++) {
      bytes[i] = (byte) values[i];
    }
    return ByteString.copyFrom(bytes);
  }

  @Test
  void takesAGoodBatch() {
    assertThat(rows(good().build(), COLUMNS).rows()).isEqualTo(2);
  }

  private static void refuses(String field, Consumer<ColumnBatch.Builder> change) {
    ColumnBatch.Builder batch = good();
    change.accept(batch);
    assertThatThrownBy(() -> rows(batch.build(), COLUMNS))
        .isInstanceOfSatisfying(
            ApiException.class,
            e -> {
              assertThat(e.reason()).isEqualTo(ApiException.Reason.INVALID);
              assertThat(e).hasMessageStartingWith(field);
            });
  }

  @Test
  void namesTheFieldThatBreaksARule() {
    refuses("batch.rows", b -> b.setRows(-1));
    refuses("batch.rows", b -> b.setRows(BatchCodec.ROWS_MAX + 1));
    refuses("batch.columns", b -> b.addColumns(Cells.getDefaultInstance()));
    refuses("batch.station:", b -> b.addStation(0));
    refuses("batch.station[1]", b -> b.setStation(1, 1));
    refuses("batch.station[1]", b -> b.setStation(1, -1));
    refuses("batch.stations[0].id", b -> b.getStationsBuilder(0).setId(""));
    refuses("batch.stations[0].id", b -> b.getStationsBuilder(0).setId("é".repeat(33)));
    refuses("batch.stations[0].network", b -> b.getStationsBuilder(0).setNetwork("x".repeat(65)));
    refuses("batch.stations[1]", b -> b.addStations(b.getStations(0)));
    refuses("batch.time_delta_us:", b -> b.addTimeDeltaUs(1));
    refuses("batch.time_delta_us[0]", b -> b.setTimeDeltaUs(0, TimeRange.TIME_MIN_MICROS - 1));
    refuses("batch.time_delta_us[1]", b -> b.setTimeDeltaUs(1, TimeRange.TIME_END_MICROS));
    refuses("batch.columns[0].state:", b -> b.getColumnsBuilder(0).setState(bytes(1, 1, 1)));
    refuses("batch.columns[0].state:", b -> b.getColumnsBuilder(0).setState(ByteString.EMPTY));
    refuses("batch.columns[0].state[0]", b -> b.getColumnsBuilder(0).setState(bytes(19)));
    refuses("batch.columns[0].state[0]", b -> b.getColumnsBuilder(0).setState(bytes(31)));
    refuses("batch.columns[0].state[0]", b -> b.getColumnsBuilder(0).setState(bytes(51)));
    refuses("batch.columns[0].unscaled[0]", b -> b.getColumnsBuilder(0).setState(bytes(34)));
    refuses("batch.columns[1].state[0]", b -> b.getColumnsBuilder(1).setState(bytes(32)));
    refuses("batch.columns[0].state[1]", b -> b.getColumnsBuilder(0).setState(bytes(0, 253)));
    refuses("batch.columns[1].state[0]", b -> b.getColumnsBuilder(1).setState(bytes(1)));
    refuses("batch.columns[0].unscaled:", b -> b.getColumnsBuilder(0).addUnscaled(1));
    refuses("batch.columns[0].float32:", b -> b.getColumnsBuilder(0).addFloat32(1));
    refuses(
        "batch.columns[0].unscaled[1]",
        b -> b.getColumnsBuilder(0).setUnscaled(1, 1_000_000_000_000_000_000L));
    refuses(
        "batch.columns[0].unscaled[0]", b -> b.getColumnsBuilder(0).setUnscaled(0, Long.MIN_VALUE));
    refuses("batch.columns[1].float32[0]", b -> b.getColumnsBuilder(1).setFloat32(0, Float.NaN));
    refuses(
        "batch.columns[1].float32[0]",
        b -> b.getColumnsBuilder(1).setFloat32(0, Float.POSITIVE_INFINITY));
    refuses("batch.columns[2].text[0]", b -> b.getColumnsBuilder(2).setText(0, 1));
    refuses(
        "batch.columns[2].dictionary[0]",
        b -> b.getColumnsBuilder(2).setDictionary(0, "é".repeat(513)));
    refuses("batch: flags", b -> b.setFlags(bytes(1, 0)));
  }
}
