package org.mesohub.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class FramesTest {
  @Test
  void framesGiveBackWhatWasPutIn() {
    for (long seed = 0; seed < 200; seed++) {
      Random random = new Random(seed);
      List<byte[]> items = randomItems(random);
      long time = random.nextLong();

      BatchFrame batch = BatchFrame.decode(new BatchFrame(time, items).encode());
      AnswerFrame answers = AnswerFrame.decode(new AnswerFrame(items).encode());

      assertThat(batch.timeMicros()).as("seed %d", seed).isEqualTo(time);
      assertThat(batch.entries()).as("seed %d", seed).containsExactlyElementsOf(items);
      assertThat(answers.answers()).as("seed %d", seed).containsExactlyElementsOf(items);
    }
  }

  @Test
  void largestBatchStaysWithinItsBound() {
    byte[] largest = new byte[ReplicatedLog.ENTRY_BYTES_MAX];
    assertThat(new BatchFrame(0, List.of(largest)).encode().remaining())
        .isLessThanOrEqualTo(BatchFrame.BYTES_MAX);
    int each = BatchFrame.PAYLOAD_BYTES_MAX / BatchFrame.ENTRIES_MAX;
    List<byte[]> many = new ArrayList<>();
    for (int i = 0; i < BatchFrame.ENTRIES_MAX; i++) {
      many.add(new byte[each]);
    }
    assertThat(new BatchFrame(0, many).encode().remaining()).isEqualTo(BatchFrame.BYTES_MAX);
  }

  @Test
  void unknownFormatIsRefusedByName() {
    byte[] batch = bytes(new BatchFrame(1, List.of(new byte[] {1})).encode());
    batch[0] = 2;
    assertThatThrownBy(() -> BatchFrame.decode(ByteBuffer.wrap(batch)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("format 2")
        .hasMessageContaining("newer program");
    byte[] answer = bytes(new AnswerFrame(List.of(new byte[] {1})).encode());
    answer[0] = 9;
    assertThatThrownBy(() -> AnswerFrame.decode(ByteBuffer.wrap(answer)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("format 9");
  }

  @Test
  void everyShortenedOrLengthenedFrameIsRefused() {
    byte[] whole = bytes(new BatchFrame(7, List.of(new byte[] {1, 2, 3}, new byte[0])).encode());
    for (int length = 0; length < whole.length; length++) {
      ByteBuffer cut = ByteBuffer.wrap(Arrays.copyOf(whole, length));
      assertThatThrownBy(() -> BatchFrame.decode(cut))
          .as("cut to %d bytes", length)
          .isInstanceOf(IllegalStateException.class);
    }
    ByteBuffer longer = ByteBuffer.wrap(Arrays.copyOf(whole, whole.length + 1));
    assertThatThrownBy(() -> BatchFrame.decode(longer)).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void randomBytesNeverDecodeToMoreThanTheyHold() {
    for (long seed = 0; seed < 2_000; seed++) {
      Random random = new Random(seed);
      byte[] noise = new byte[random.nextInt(64)];
      random.nextBytes(noise);
      if (noise.length > 0) {
        noise[0] = BatchFrame.FORMAT;
      }
      try {
        int held = 0;
        for (byte[] entry : BatchFrame.decode(ByteBuffer.wrap(noise)).entries()) {
          held += entry.length;
        }
        assertThat(held).as("seed %d", seed).isLessThanOrEqualTo(noise.length);
      } catch (IllegalStateException expected) {
        assertThat(expected).as("seed %d", seed).hasMessageMatching("(?s).*(damaged|cut short).*");
      }
    }
  }

  private static List<byte[]> randomItems(Random random) {
    List<byte[]> items = new ArrayList<>();
    int count = random.nextInt(20);
    for (int i = 0; i < count; i++) {
      byte[] item = new byte[random.nextInt(300)];
      random.nextBytes(item);
      items.add(item);
    }
    return items;
  }

  private static byte[] bytes(ByteBuffer buffer) {
    byte[] bytes = new byte[buffer.remaining()];
    buffer.get(bytes);
    return bytes;
  }
}
