package org.mesohub.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class FrameCutterTest {
  private static final int SEEDS = 300;
  private static final int MAX = 1_000;

  @Test
  void whole_messages_come_out_however_the_bytes_are_cut() {
    for (int seed = 0; seed < SEEDS; seed++) {
      var random = new Random(seed);
      List<String> sent = new ArrayList<>();
      var bytes = Buffer.buffer();
      for (int i = random.nextInt(20); i >= 0; i--) {
        byte[] payload = new byte[random.nextInt(3) == 0 ? 0 : random.nextInt(60)];
        random.nextBytes(payload);
        Buffer message = message(payload.length, payload);
        sent.add(hex(message));
        bytes.appendBuffer(message);
      }
      int tail = random.nextInt(7);
      bytes.appendBuffer(message(50, new byte[50]).getBuffer(0, tail));

      var cutter = new FrameCutter(MAX);
      List<String> got = new ArrayList<>();
      for (int at = 0; at < bytes.length(); ) {
        int end = Math.min(bytes.length(), at + 1 + random.nextInt(random.nextBoolean() ? 4 : 90));
        cutter.feed(bytes.getBuffer(at, end), whole -> got.add(hex(whole)));
        at = end;
      }

      assertThat(got).as("seed " + seed).isEqualTo(sent);
      assertThat(cutter.held()).as("seed " + seed).isEqualTo(tail);
    }
  }

  @Test
  void of_a_message_beyond_the_limit_comes_its_prefix_and_nothing_is_held() {
    for (int cut = 1; cut < 8; cut++) {
      Buffer bytes = message(MAX + 1, new byte[500]);
      var cutter = new FrameCutter(MAX);
      List<String> got = new ArrayList<>();
      cutter.feed(bytes.getBuffer(0, cut), whole -> got.add(hex(whole)));
      cutter.feed(bytes.getBuffer(cut, bytes.length()), whole -> got.add(hex(whole)));
      assertThat(got).as("cut at " + cut).containsExactly(hex(bytes.getBuffer(0, 5)));
      assertThat(cutter.held()).as("cut at " + cut).isZero();
    }
  }

  @Test
  void a_closed_cutter_holds_and_gives_nothing() {
    var cutter = new FrameCutter(MAX);
    cutter.feed(message(9, new byte[3]), whole -> {});
    assertThat(cutter.held()).isEqualTo(8);
    cutter.close();
    List<Buffer> got = new ArrayList<>();
    cutter.feed(message(1, new byte[1]), got::add);
    assertThat(cutter.held()).isZero();
    assertThat(got).isEmpty();
  }

  @Test
  void a_message_that_only_claims_to_be_long_takes_little_room() {
    var cutter = new FrameCutter(1 << 20);
    List<Buffer> got = new ArrayList<>();
    Buffer bytes = message(1 << 20, new byte[1 << 20]);
    for (int at = 0; at < bytes.length(); at += 1_000) {
      cutter.feed(bytes.getBuffer(at, Math.min(bytes.length(), at + 1_000)), got::add);
      assertThat(cutter.room()).isLessThanOrEqualTo(4 * Math.max(16, cutter.held()));
    }
    assertThat(got).hasSize(1);
    assertThat(cutter.room()).isZero();
  }

  private static Buffer message(int length, byte[] payload) {
    return Buffer.buffer().appendByte((byte) 0).appendInt(length).appendBytes(payload);
  }

  private static String hex(Buffer bytes) {
    return java.util.HexFormat.of().formatHex(bytes.getBytes());
  }
}
