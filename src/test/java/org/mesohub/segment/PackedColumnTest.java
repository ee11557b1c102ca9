package org.mesohub.segment;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.mesohub.observation.CellState;
import org.mesohub.observation.Column;
import org.mesohub.observation.ColumnVector;
import org.mesohub.observation.ValueKind;

/** Packed cells and times are the ones that were packed, all of them and some of them. */
class PackedColumnTest {
  private static final long[] SPANS = {
    1,
    200,
    254,
    255,
    256,
    60_000,
    65_534,
    65_535,
    65_536,
    4_294_967_294L,
    4_294_967_296L,
    1_999_999_999_999_999_998L
  };

  @Test
  void cells() {
    for (long seed = 0; seed < 600; seed++) {
      var random = new Random(seed);
      ColumnVector cells = cells(random);
      PackedColumn packed = PackedColumn.of(cells);
      ColumnVector unpacked = packed.unpack();
      int rows = cells.size();
      assertThat(unpacked.size()).as("seed %d", seed).isEqualTo(rows);
      int[] picks = random.ints(rows == 0 ? 0 : 20, 0, Math.max(1, rows)).toArray();
      ColumnVector picked = packed.gather(picks);
      assertThat(picked.size()).as("seed %d", seed).isEqualTo(picks.length);
      for (int row = 0; row < rows; row++) {
        assertThat(text(unpacked, row))
            .as("seed %d, row %d", seed, row)
            .isEqualTo(text(cells, row));
      }
      for (int i = 0; i < picks.length; i++) {
        assertThat(text(picked, i)).as("seed %d, %d", seed, i).isEqualTo(text(cells, picks[i]));
      }
    }
  }

  @Test
  void times() {
    for (long seed = 0; seed < 300; seed++) {
      var random = new Random(seed);
      long step = new long[] {60_000_000, 1_000_000, 1_000, 7, 1}[random.nextInt(5)];
      long start = random.nextLong() >> 12;
      long span = SPANS[random.nextInt(9)];
      long[] times = random.longs(100, 0, span).map(t -> start + t * step).toArray();
      PackedLongs packed = PackedLongs.ofTimes(times, times.length);
      assertThat(packed.unpack()).as("seed %d", seed).isEqualTo(times);
    }
  }

  private static ColumnVector cells(Random random) {
    ValueKind kind = ValueKind.values()[random.nextInt(3)];
    var column = new Column("air_temperature", "", 0, 0, "K", kind);
    int rows = random.nextInt(6) == 0 ? 0 : 1 + random.nextInt(300);
    byte[] choice = choice(random, kind);
    var states = new byte[rows];
    for (int row = 0; row < rows; row++) {
      states[row] = choice[random.nextInt(choice.length)];
    }
    return switch (kind) {
      case DECIMAL -> {
        long span = SPANS[random.nextInt(SPANS.length)];
        long start = span > 1L << 40 ? -999_999_999_999_999_999L : random.nextInt(9_000) - 4_500;
        var unscaled = new long[rows];
        for (int row = 0; row < rows; row++) {
          long edge = random.nextBoolean() ? span - 1 : 0;
          long offset = random.nextInt(3) == 0 ? edge : random.nextLong(span);
          unscaled[row] = states[row] >= 0 ? start + offset : 0;
        }
        yield new ColumnVector.Decimals(column, rows, states, unscaled);
      }
      case FLOAT32 -> {
        var values = new float[rows];
        for (int row = 0; row < rows; row++) {
          values[row] = states[row] >= 0 ? (random.nextFloat() - 0.5f) * 1e20f : 0;
        }
        yield new ColumnVector.Floats(column, rows, states, values);
      }
      case TEXT -> {
        var codes = new int[rows];
        for (int row = 0; row < rows; row++) {
          codes[row] = states[row] >= 0 ? random.nextInt(3) : 0;
        }
        yield new ColumnVector.Texts(column, rows, states, codes, new String[] {"RA", "", "SN"});
      }
    };
  }

  private static byte[] choice(Random random, ValueKind kind) {
    byte scale = (byte) (kind == ValueKind.DECIMAL ? random.nextInt(19) : 0);
    byte other = (byte) (kind == ValueKind.DECIMAL ? random.nextInt(19) : 0);
    byte[][] choices = {
      {scale},
      {scale, CellState.ABSENT},
      {scale, CellState.MISSING},
      {scale, other},
      {scale, other, CellState.MISSING},
      {scale, CellState.ABSENT, CellState.MISSING},
      {CellState.ABSENT},
      {CellState.MISSING, CellState.ABSENT}
    };
    return choices[random.nextInt(choices.length)];
  }

  private static String text(ColumnVector cells, int row) {
    byte state = cells.states()[row];
    if (state < 0) {
      return "state " + state;
    }
    if (cells instanceof ColumnVector.Decimals decimals) {
      return decimals.unscaled()[row] + "e-" + state;
    }
    if (cells instanceof ColumnVector.Floats floats) {
      return Integer.toHexString(Float.floatToRawIntBits(floats.values()[row]));
    }
    var texts = (ColumnVector.Texts) cells;
    return Arrays.asList(texts.dictionary()).get(texts.codes()[row]);
  }
}
