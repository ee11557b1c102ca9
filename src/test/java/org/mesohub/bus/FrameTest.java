package org.mesohub.bus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class FrameTest {
  private static final int SEEDS = 200;

  @Test
  void aFrameComesBackAsItWasWrittenWhereverItStands() {
    for (int seed = 0; seed < SEEDS; seed++) {
      Random random = new Random(seed);
      for (Frame frame : frames(random, random.nextInt(700_000))) {
        Buffer wire = Buffer.buffer(new byte[random.nextInt(50)]);
        int from = wire.length();
        frame.appendTo(wire);
        assertThat(wire.length() - from).as("seed %d", seed).isLessThanOrEqualTo(Frame.BYTES_MAX);
        assertThat(Frame.read(from, wire)).as("seed %d", seed).isEqualTo(frame);
      }
    }
  }

  @Test
  void cutAndRepeatedFramesAreRefusedAsSuchNotTakenForOthers() {
    for (int seed = 0; seed < SEEDS; seed++) {
      Buffer wire = Buffer.buffer();
      frames(new Random(seed), 100).get(0).appendTo(wire);
      for (int length = 0; length < wire.length(); length++) {
        Buffer cut = wire.getBuffer(0, length);
        assertThatThrownBy(() -> Frame.read(0, cut))
            .as("seed %d, %d bytes", seed, length)
            .isInstanceOfAny(IndexOutOfBoundsException.class, IllegalArgumentException.class);
      }
    }
  }

  @Test
  void anUnknownFormatOrKindIsNamed() {
    Buffer wire = Buffer.buffer();
    frames(new Random(1), 10).get(0).appendTo(wire);
    assertThatThrownBy(() -> Frame.read(0, wire.copy().setByte(0, (byte) 9)))
        .hasMessageContaining("format 9");
    assertThatThrownBy(() -> Frame.read(0, wire.copy().setByte(1, (byte) 99)))
        .hasMessageContaining("kind 99");
  }

  @Test
  void piecesInAnyOrderAndRepeatedMakeTheMessageOnce() {
    for (int seed = 0; seed < SEEDS; seed++) {
      Random random = new Random(seed);
      byte[] message = new byte[random.nextInt(1 << 20)];
      random.nextBytes(message);
      List<Frame> frames = Frame.cut(Kind.APPEND, "n1", 7, 1 + random.nextInt(9), 0, 1, message);
      List<Frame> sent = new ArrayList<>(frames);
      sent.addAll(frames.subList(0, random.nextInt(frames.size())));
      if (frames.size() > 1) {
        Collections.shuffle(sent, random);
      }
      Assembly assembly = new Assembly();
      List<byte[]> made = sent.stream().map(assembly::add).flatMap(Optional::stream).toList();
      assertThat(made).as("seed %d", seed).isNotEmpty();
      assertThat(made.get(0)).as("seed %d", seed).isEqualTo(message);
      if (frames.size() > 1) {
        assertThat(made).as("seed %d", seed).hasSize(1);
      }
    }
  }

  @Test
  void piecesOfDifferentMessagesAreNeverMixed() {
    byte[] first = new byte[600_000];
    byte[] second = new byte[600_000];
    second[599_999] = 1;
    List<Frame> old = Frame.cut(Kind.APPEND, "n1", 7, 1, 0, 1, first);
    List<Frame> next = Frame.cut(Kind.APPEND, "n1", 7, 2, 0, 1, second);
    Assembly assembly = new Assembly();
    assertThat(assembly.add(old.get(0))).isEmpty();
    assertThat(assembly.add(next.get(0))).isEmpty();
    assertThat(assembly.add(old.get(1))).isEmpty();
    assertThat(assembly.add(old.get(2))).isEmpty();
    assertThat(assembly.add(next.get(1))).isEmpty();
    assertThat(assembly.add(next.get(2)).orElseThrow()).isEqualTo(second);
  }

  private static List<Frame> frames(Random random, int bytes) {
    byte[] message = new byte[bytes];
    random.nextBytes(message);
    return Frame.cut(
        Kind.values()[random.nextInt(Kind.values().length)],
        "knoten-ü" + random.nextInt(100),
        random.nextLong(),
        random.nextLong(),
        random.nextLong(),
        random.nextLong(),
        message);
  }
}
