package org.mesohub.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.MessageLite;
import io.vertx.core.buffer.Buffer;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.mesohub.proto.v1.DaysRequest;
import org.mesohub.proto.v1.LatestRequest;
import org.mesohub.proto.v1.QueryRequest;
import org.mesohub.proto.v1.Selection;
import org.mesohub.proto.v1.StationsRequest;

class StalenessTest {
  private static Buffer frame(MessageLite message) {
    byte[] bytes = message.toByteArray();
    return Buffer.buffer().appendByte((byte) 0).appendInt(bytes.length).appendBytes(bytes);
  }

  private static int field(String method) {
    LeaderCall call = LeaderCall.at("/mesohub.v1.ObservationService/" + method);
    assertThat(call).isNotNull();
    return call.stalenessField();
  }

  @Test
  void everyReadThatMayBeStaleSaysSoInItsOwnField() {
    var selection = Selection.newBuilder().setFromUs(1).setToUs(2).addStations("KSLC");
    assertThat(
            Staleness.millis(
                frame(
                    QueryRequest.newBuilder()
                        .setSelection(selection)
                        .setLimit(7)
                        .setMaxStalenessMs(1_001)
                        .setCountOnly(true)
                        .build()),
                field("Query")))
        .isEqualTo(1_001);
    assertThat(
            Staleness.millis(
                frame(
                    LatestRequest.newBuilder()
                        .setSelection(selection)
                        .setUnits("metric")
                        .setMaxStalenessMs(1_002)
                        .build()),
                field("Latest")))
        .isEqualTo(1_002);
    assertThat(
            Staleness.millis(
                frame(
                    StationsRequest.newBuilder().addStations("x").setMaxStalenessMs(1_003).build()),
                field("Stations")))
        .isEqualTo(1_003);
    assertThat(
            Staleness.millis(
                frame(DaysRequest.newBuilder().setFromUs(5).setMaxStalenessMs(1_004).build()),
                field("Days")))
        .isEqualTo(1_004);
  }

  @Test
  void whatSaysNothingOrCannotBeReadMustBeFresh() {
    int field = field("Query");
    Buffer whole = frame(QueryRequest.newBuilder().setMaxStalenessMs(5_000).build());
    assertThat(Staleness.millis(whole, field)).isEqualTo(5_000);
    assertThat(Staleness.millis(frame(QueryRequest.getDefaultInstance()), field)).isZero();
    assertThat(
            Staleness.millis(frame(QueryRequest.newBuilder().setMaxStalenessMs(-1).build()), field))
        .isZero();
    for (int length = 0; length < whole.length(); length++) {
      assertThat(Staleness.millis(whole.slice(0, length), field)).isZero();
    }
    assertThat(Staleness.millis(whole.copy().setByte(0, (byte) 1), field)).isZero();
    var random = new Random(3);
    for (int i = 0; i < 10_000; i++) {
      byte[] bytes = new byte[random.nextInt(40)];
      random.nextBytes(bytes);
      Buffer any = Buffer.buffer().appendByte((byte) 0).appendInt(bytes.length).appendBytes(bytes);
      assertThat(Staleness.millis(any, field)).isNotNegative();
    }
  }
}
