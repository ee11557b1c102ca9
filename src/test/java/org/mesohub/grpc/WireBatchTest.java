package org.mesohub.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.DiscardUnknownFieldsParser;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Parser;
import com.google.protobuf.UnknownFieldSet;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.mesohub.api.ApiException;
import org.mesohub.observation.StationKey;
import org.mesohub.proto.v1.Cells;
import org.mesohub.proto.v1.ColumnBatch;
import org.mesohub.proto.v1.QueryResponse;
import org.mesohub.proto.v1.Source;
import org.mesohub.proto.v1.Station;

/** Messages read into arrays, against the generated parser. */
class WireBatchTest {
  private static final Parser<ColumnBatch> ORACLE =
      DiscardUnknownFieldsParser.wrap(ColumnBatch.parser());

  private static final int SEEDS = 2_000;
  private static final int MUTATIONS = 20;

  @Test
  void reads_whatever_encoding_the_generated_parser_reads() throws Exception {
    for (int seed = 0; seed < SEEDS; seed++) {
      byte[] message = new Sender(new Random(seed)).batch();
      ColumnBatch expected = ORACLE.parseFrom(message);
      assertThat(read(message)).as("seed %d", seed).isEqualTo(expected);
    }
  }

  @Test
  void refuses_what_the_generated_parser_refuses() throws Exception {
    int refused = 0;
    int taken = 0;
    for (int seed = 0; seed < SEEDS; seed++) {
      var random = new Random(seed);
      byte[] message = new Sender(random).batch();
      for (int i = 0; i < MUTATIONS; i++) {
        byte[] changed = mutate(message, random);
        if (hasNumberOfTooManyBits(changed)) {
          continue;
        }
        ColumnBatch expected = parse(changed);
        assertThat(read(changed)).as("seed %d, mutation %d", seed, i).isEqualTo(expected);
        refused += expected == null ? 1 : 0;
        taken += expected == null ? 0 : 1;
      }
    }
    assertThat(refused).isGreaterThan(SEEDS);
    assertThat(taken).isGreaterThan(SEEDS);
  }

  @Test
  void a_batch_that_comes_in_two_parts_is_joined() throws Exception {
    for (int seed = 0; seed < 200; seed++) {
      var random = new Random(seed);
      var bytes = new ByteArrayOutputStream();
      var out = CodedOutputStream.newInstance(bytes);
      out.writeByteArray(QueryResponse.BATCH_FIELD_NUMBER, new Sender(random).batch());
      out.writeByteArray(QueryResponse.BATCH_FIELD_NUMBER, new Sender(random).batch());
      out.flush();
      var expected = QueryResponse.parseFrom(bytes.toByteArray());
      assertThat(AnswerMessage.read(bytes.toByteArray()).rows())
          .as("seed %d", seed)
          .isEqualTo(expected.getBatch().getRows());
    }
  }

  @Test
  void columns_beyond_those_expected_are_counted_only() {
    byte[] message =
        ColumnBatch.newBuilder()
            .addColumns(Cells.newBuilder().addText(1))
            .addColumns(Cells.newBuilder().addText(2))
            .build()
            .toByteArray();
    WireBatch batch = WireBatch.of(Inbound.Bytes.of(message), 1);
    assertThat(batch.columns).hasSize(1);
    assertThat(batch.columnsGiven).isEqualTo(2);
  }

  private static @Nullable ColumnBatch parse(byte[] message) {
    try {
      return ORACLE.parseFrom(message);
    } catch (InvalidProtocolBufferException e) {
      return null;
    }
  }

  /** What was read, as a generated message; null when it was refused. */
  private static @Nullable ColumnBatch read(byte[] message) {
    byte[] amid = new byte[message.length + 7];
    Arrays.fill(amid, (byte) -1);
    System.arraycopy(message, 0, amid, 3, message.length);
    WireBatch batch;
    try {
      batch = WireBatch.of(new Inbound.Bytes(amid, 3, message.length), Integer.MAX_VALUE);
    } catch (ApiException e) {
      return null;
    }
    var all = ColumnBatch.newBuilder().setRows(batch.rows);
    for (Source source : batch.sources) {
      all.addSources(source.toBuilder().setUnknownFields(UnknownFieldSet.getDefaultInstance()));
    }
    for (StationKey key : batch.stations) {
      all.addStations(Station.newBuilder().setNetwork(key.network()).setId(key.station()));
    }
    for (int i = 0; i < batch.station.size(); i++) {
      all.addStation(batch.station.intAt(i));
    }
    for (int i = 0; i < batch.timeDelta.size(); i++) {
      all.addTimeDeltaUs(batch.timeDelta.values()[i]);
    }
    for (int i = 0; i < batch.commit.size(); i++) {
      all.addCommit(batch.commit.values()[i]);
    }
    for (int i = 0; i < batch.source.size(); i++) {
      all.addSource(batch.source.intAt(i));
    }
    batch.columns.forEach(cells -> all.addColumns(cells(cells)));
    return all.setFlags(ByteString.copyFrom(batch.flags.copy())).build();
  }

  private static Cells cells(WireCells read) {
    var cells = Cells.newBuilder().setState(ByteString.copyFrom(read.state.copy()));
    for (int i = 0; i < read.unscaled.size(); i++) {
      cells.addUnscaled(read.unscaled.values()[i]);
    }
    for (int i = 0; i < read.float32.size(); i++) {
      cells.addFloat32(Float.intBitsToFloat(read.float32.intAt(i)));
    }
    for (int i = 0; i < read.text.size(); i++) {
      cells.addText(read.text.intAt(i));
    }
    return cells.addAllDictionary(read.dictionary).build();
  }

  /**
   * Whether a tenth byte of a number is none that any sender writes: the generated parser reads the
   * same number differently then, depending on where it is.
   */
  private static boolean hasNumberOfTooManyBits(byte[] message) {
    int goOn = 0;
    for (byte next : message) {
      if (goOn >= 9 && next >= 0 && next != 1) {
        return true;
      }
      goOn = next < 0 ? goOn + 1 : 0;
    }
    return false;
  }

  private static byte[] mutate(byte[] message, Random random) {
    byte[] changed = Arrays.copyOf(message, message.length);
    if (random.nextInt(4) == 0) {
      return Arrays.copyOf(changed, random.nextInt(changed.length + 1));
    }
    for (int i = 0; i <= random.nextInt(3) && changed.length > 0; i++) {
      int at = random.nextInt(changed.length);
      changed[at] = (byte) (random.nextBoolean() ? random.nextInt(256) : changed[at] ^ 0x80);
    }
    return changed;
  }

  /** Writes fields in any order, packed or not, in parts, more than once, and unknown ones. */
  private record Sender(Random random) {
    private interface Number {
      void write(CodedOutputStream out, long number) throws IOException;
    }

    byte[] batch() throws IOException {
      var bytes = new ByteArrayOutputStream();
      CodedOutputStream out = CodedOutputStream.newInstance(bytes);
      for (int fields = random.nextInt(12); fields > 0; fields--) {
        field(out);
      }
      out.flush();
      return bytes.toByteArray();
    }

    private void field(CodedOutputStream out) throws IOException {
      int field = 1 + random.nextInt(11);
      switch (field) {
        case ColumnBatch.ROWS_FIELD_NUMBER -> out.writeInt32(field, (int) number());
        case ColumnBatch.STATIONS_FIELD_NUMBER ->
            out.writeMessage(field, Station.newBuilder().setNetwork(text()).setId(text()).build());
        case ColumnBatch.STATION_FIELD_NUMBER, ColumnBatch.SOURCE_FIELD_NUMBER ->
            numbers(out, field, (to, n) -> to.writeUInt32NoTag((int) n));
        case ColumnBatch.TIME_DELTA_US_FIELD_NUMBER ->
            numbers(out, field, CodedOutputStream::writeSInt64NoTag);
        case ColumnBatch.COMMIT_FIELD_NUMBER ->
            numbers(out, field, CodedOutputStream::writeInt64NoTag);
        case ColumnBatch.COLUMNS_FIELD_NUMBER -> out.writeByteArray(field, cells());
        case ColumnBatch.FLAGS_FIELD_NUMBER -> out.writeByteArray(field, state());
        case ColumnBatch.SOURCES_FIELD_NUMBER ->
            out.writeMessage(
                field, Source.newBuilder().setCluster(text()).setCommit(number()).build());
        default -> unknown(out, field);
      }
    }

    private byte[] cells() throws IOException {
      var bytes = new ByteArrayOutputStream();
      CodedOutputStream out = CodedOutputStream.newInstance(bytes);
      for (int fields = random.nextInt(6); fields > 0; fields--) {
        int field = 1 + random.nextInt(7);
        switch (field) {
          case Cells.STATE_FIELD_NUMBER -> out.writeByteArray(field, state());
          case Cells.UNSCALED_FIELD_NUMBER ->
              numbers(out, field, CodedOutputStream::writeSInt64NoTag);
          case Cells.FLOAT32_FIELD_NUMBER -> floats(out, field);
          case Cells.TEXT_FIELD_NUMBER ->
              numbers(out, field, (to, n) -> to.writeUInt32NoTag((int) n));
          case Cells.DICTIONARY_FIELD_NUMBER -> out.writeString(field, text());
          default -> unknown(out, field);
        }
      }
      out.flush();
      return bytes.toByteArray();
    }

    private void numbers(CodedOutputStream out, int field, Number number) throws IOException {
      int count = random.nextInt(30);
      if (random.nextInt(4) == 0) {
        for (int i = 0; i < count; i++) {
          out.writeTag(field, 0);
          number.write(out, number());
        }
        return;
      }
      var bytes = new ByteArrayOutputStream();
      CodedOutputStream packed = CodedOutputStream.newInstance(bytes);
      for (int i = 0; i < count; i++) {
        number.write(packed, number());
      }
      packed.flush();
      out.writeByteArray(field, bytes.toByteArray());
    }

    private void floats(CodedOutputStream out, int field) throws IOException {
      int count = random.nextInt(5);
      boolean packed = random.nextBoolean();
      if (packed) {
        out.writeTag(field, 2);
        out.writeUInt32NoTag(count * Float.BYTES);
      }
      for (int i = 0; i < count; i++) {
        if (!packed) {
          out.writeTag(field, 5);
        }
        out.writeFloatNoTag(random.nextFloat());
      }
    }

    private void unknown(CodedOutputStream out, int field) throws IOException {
      switch (random.nextInt(4)) {
        case 0 -> out.writeUInt64(field, number());
        case 1 -> out.writeByteArray(field + 20, state());
        case 2 -> out.writeFixed64(field, number());
        default -> {
          out.writeTag(field, 3);
          out.writeUInt64(1, number());
          out.writeTag(field, 4);
        }
      }
    }

    private byte[] state() {
      byte[] state = new byte[random.nextInt(20)];
      random.nextBytes(state);
      return state;
    }

    private String text() {
      return random.nextBoolean() ? "KS" + random.nextInt(10) : random.nextBoolean() ? "é" : "";
    }

    private long number() {
      long number = random.nextLong() >>> random.nextInt(64);
      return random.nextBoolean() ? number : -number;
    }
  }
}
