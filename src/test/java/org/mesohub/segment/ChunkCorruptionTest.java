package org.mesohub.segment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.fail;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.mesohub.observation.Column;
import org.mesohub.observation.ColumnVector;
import org.mesohub.observation.ObservationBatch;
import org.mesohub.observation.StationKey;

class ChunkCorruptionTest {
  private static final int MUTATIONS_PER_CHUNK = 500;
  private static final int SEEDS = 40;

  /** Of a run that every build can afford. */
  private static final int SEEDS_SHORT = 4;

  private static byte[] mutate(byte[] bytes, Random random) {
    byte[] changed = bytes.clone();
    switch (random.nextInt(3)) {
      case 0 -> changed[random.nextInt(changed.length)] ^= (byte) (1 << random.nextInt(8));
      case 1 -> {
        for (int i = 1 + random.nextInt(6); i > 0; i--) {
          changed[random.nextInt(changed.length)] = (byte) random.nextInt();
        }
      }
      default -> changed = Arrays.copyOf(changed, random.nextInt(changed.length));
    }
    return changed;
  }

  /** Gives changed bytes a valid frame, as one who forges a chunk would. */
  private static byte[] reseal(byte[] bytes) {
    if (bytes.length < ChunkFormat.TRAILER) {
      return bytes;
    }
    var content = new ByteWriter(bytes.length);
    content.raw(bytes, 0, bytes.length - ChunkFormat.TRAILER);
    return ChunkFormat.seal(content);
  }

  private static List<VersionRows.Row> chunkRows(Random random, int seed) {
    return VersionRows.random(random, 1 + random.nextInt(seed % 10 == 0 ? 1_500 : 120));
  }

  @Test
  void damagedBytesAreRefusedOrReadAsBefore() {
    damage(0, SEEDS_SHORT);
  }

  @Test
  @Tag("slow")
  void manyDamagedBytesAreRefusedOrReadAsBefore() {
    damage(SEEDS_SHORT, SEEDS);
  }

  private static void damage(int from, int to) {
    for (int seed = from; seed < to; seed++) {
      var random = new Random(seed);
      var rows = chunkRows(random, seed);
      byte[] bytes = VersionRows.encode(rows, random).get(0).bytes();
      for (int i = 0; i < MUTATIONS_PER_CHUNK; i++) {
        byte[] damaged = mutate(bytes, random);
        try {
          assertThat(VersionRows.of(Chunk.open(damaged))).isEqualTo(rows);
        } catch (CorruptChunkException expected) {
          assertThat(expected).hasMessageContaining(";");
        } catch (RuntimeException | OutOfMemoryError other) {
          fail("seed " + seed + " mutation " + i, other);
        }
      }
    }
  }

  @Test
  void forgedBytesNeverFailInAnotherWay() {
    forge(0, SEEDS_SHORT);
  }

  @Test
  @Tag("slow")
  void manyForgedBytesNeverFailInAnotherWay() {
    forge(SEEDS_SHORT, SEEDS);
  }

  private static void forge(int from, int to) {
    int readable = 0;
    for (int seed = from; seed < to; seed++) {
      var random = new Random(seed);
      byte[] bytes = VersionRows.encode(chunkRows(random, seed), random).get(0).bytes();
      for (int i = 0; i < MUTATIONS_PER_CHUNK; i++) {
        byte[] forged = reseal(mutate(bytes, random));
        try {
          VersionRows.of(Chunk.open(forged));
          readable++;
        } catch (CorruptChunkException expected) {
          assertThat(expected).hasMessageContaining(";");
        } catch (RuntimeException | OutOfMemoryError other) {
          fail("seed " + seed + " mutation " + i, other);
        }
      }
    }
    assertThat(readable).as("the frame was resealed").isPositive();
  }

  @Test
  void numbersOfMoreThanEighteenDigitsAreRefused() {
    long most = 999_999_999_999_999_999L;
    for (long digits : new long[] {most, -most}) {
      assertThat(cellOf(decimals(digits))).isEqualTo(digits);
    }
    for (long digits : new long[] {most + 1, -most - 1, Long.MAX_VALUE, Long.MIN_VALUE}) {
      byte[] forged = decimals(digits);
      assertThatThrownBy(() -> cellOf(forged))
          .isInstanceOf(CorruptChunkException.class)
          .hasMessageContaining("18 digits");
    }
  }

  private static long cellOf(byte[] chunk) {
    var cells = (ColumnVector.Decimals) Chunk.open(chunk).block(0).column(0);
    return cells.unscaled()[1];
  }

  /** A chunk with one number that no batch builder would take. */
  private static byte[] decimals(long digits) {
    var column = Column.decimal("v", 0, "1");
    var cells = new ColumnVector.Decimals(column, 2, new byte[2], new long[] {0, digits});
    var key = List.of(new StationKey("1", "S"));
    var rows = new ObservationBatch(2, key, new int[2], new long[2], List.of(cells));
    var bytes = new ArrayList<byte[]>();
    var encoder = new ChunkEncoder(chunk -> bytes.add(chunk.bytes()));
    encoder.add(new VersionBatch(rows, List.of(Origin.local("a", "")), new int[2]));
    encoder.finish();
    return bytes.get(0);
  }

  @Test
  void anUnknownVersionIsNamed() {
    byte[] bytes =
        VersionRows.encode(VersionRows.random(new Random(1), 5), new Random(1)).get(0).bytes();
    bytes[4] = 9;
    assertThatThrownBy(() -> Chunk.open(bytes))
        .isInstanceOf(CorruptChunkException.class)
        .hasMessageContaining("format version 9");
  }

  @Test
  void damagedManifestsAreRefusedOrReadAsBefore() {
    var random = new Random(77);
    Manifest manifest = ManifestTest.sample();
    byte[] bytes = manifest.encode();
    var outcomes = new ArrayList<Boolean>();
    for (int i = 0; i < 20_000; i++) {
      byte[] damaged = mutate(bytes, random);
      if (i % 2 == 0) {
        damaged = resealManifest(damaged);
      }
      try {
        Manifest read = Manifest.decode(damaged);
        if (i % 2 == 1) {
          assertThat(read).isEqualTo(manifest);
        }
        outcomes.add(true);
      } catch (CorruptChunkException expected) {
        outcomes.add(false);
      } catch (RuntimeException | OutOfMemoryError other) {
        fail("mutation " + i, other);
      }
    }
    assertThat(outcomes).contains(true, false);
  }

  private static byte[] resealManifest(byte[] bytes) {
    int end = bytes.length - 4;
    if (end < 0) {
      return bytes;
    }
    var content = new ByteWriter(bytes.length);
    content.raw(bytes, 0, end);
    content.int32(ChunkFormat.checksum(bytes, end));
    return content.toByteArray();
  }
}
