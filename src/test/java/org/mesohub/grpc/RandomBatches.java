package org.mesohub.grpc;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.mesohub.observation.CellState;
import org.mesohub.observation.Column;
import org.mesohub.observation.ColumnVector;
import org.mesohub.observation.ObservationBatch;
import org.mesohub.observation.StationKey;
import org.mesohub.observation.TimeRange;
import org.mesohub.observation.ValueKind;
import org.mesohub.observation.VariableDictionary;
import org.mesohub.query.AnswerBatch;
import org.mesohub.segment.Origin;

/** Batches of every kind out of a seed. */
final class RandomBatches {
  private RandomBatches() {}

  /** Up to six columns of all kinds. */
  static List<Column> columns(Random random) {
    var columns = new ArrayList<Column>();
    int count = random.nextInt(7);
    for (int i = 0; i < count; i++) {
      ValueKind kind = ValueKind.values()[random.nextInt(3)];
      columns.add(
          new Column("variable_" + i, random.nextBoolean() ? "" : "-0.05", i, 60, "K", kind));
    }
    return columns;
  }

  static AnswerBatch answer(Random random, int rows, List<Column> columns) {
    byte[] flags = random.nextBoolean() || rows == 0 ? null : new byte[rows];
    if (flags != null) {
      random.nextBytes(flags);
    }
    if (random.nextBoolean() || rows == 0) {
      return new AnswerBatch(batch(random, rows, columns), flags, List.of(), null);
    }
    var origins =
        List.of(new Origin(7, "a", 3, 5, "file", "CC0-1.0"), new Origin(9, "", 9, 6, "", ""));
    int[] origin = new int[rows];
    for (int i = 0; i < rows; i++) {
      origin[i] = random.nextInt(2);
    }
    origin[0] = 0;
    origin[rows - 1] = 1;
    if (rows == 1) {
      origins = List.of(origins.get(1), origins.get(1));
    }
    return new AnswerBatch(batch(random, rows, columns), flags, origins, origin);
  }

  static ObservationBatch batch(Random random, int rows, List<Column> columns) {
    var stations = new ArrayList<StationKey>();
    for (int i = 0; i < 1 + random.nextInt(200); i++) {
      stations.add(new StationKey(Integer.toString(i % 3), "Sé" + i));
    }
    int[] station = new int[rows + 3];
    long[] times = new long[rows + 3];
    long span = TimeRange.TIME_END_MICROS - TimeRange.TIME_MIN_MICROS;
    for (int i = 0; i < rows; i++) {
      station[i] = random.nextInt(stations.size());
      times[i] = TimeRange.TIME_MIN_MICROS + (long) (random.nextDouble() * span);
    }
    var vectors = new ArrayList<ColumnVector>();
    for (Column column : columns) {
      vectors.add(vector(random, column, rows));
    }
    return new ObservationBatch(rows, stations, station, times, vectors);
  }

  private static ColumnVector vector(Random random, Column column, int rows) {
    byte[] states = states(random, column.kind(), rows);
    return switch (column.kind()) {
      case DECIMAL -> {
        long[] values = new long[rows];
        for (int i = 0; i < rows; i++) {
          int bits = random.nextInt(60);
          values[i] =
              states[i] < 0 || CellState.isNegativeZero(states[i])
                  ? 0
                  : random.nextLong() % Math.min(1L << bits, 999_999_999_999_999_999L);
        }
        yield new ColumnVector.Decimals(column, rows, states, values);
      }
      case FLOAT32 -> {
        float[] values = new float[rows];
        for (int i = 0; i < rows; i++) {
          float value = Float.intBitsToFloat(random.nextInt());
          values[i] = states[i] < 0 || !Float.isFinite(value) ? 0 : value;
        }
        yield new ColumnVector.Floats(column, rows, states, values);
      }
      case TEXT -> {
        int[] codes = new int[rows];
        String[] dictionary = {"", "RA", "ünïcode", "unused"};
        for (int i = 0; i < rows; i++) {
          codes[i] = states[i] < 0 ? 0 : random.nextInt(3);
        }
        yield new ColumnVector.Texts(column, rows, states, codes, dictionary);
      }
    };
  }

  private static byte[] states(Random random, ValueKind kind, int rows) {
    byte[] states = new byte[rows];
    int scale = kind == ValueKind.DECIMAL ? decimalState(random) : 0;
    boolean uniform = random.nextBoolean();
    byte all = new byte[] {(byte) scale, CellState.ABSENT, CellState.MISSING}[random.nextInt(3)];
    for (int i = 0; i < rows; i++) {
      states[i] =
          uniform
              ? all
              : switch (random.nextInt(4)) {
                case 0 -> CellState.ABSENT;
                case 1 -> CellState.MISSING;
                default -> (byte) (kind == ValueKind.DECIMAL ? decimalState(random) : 0);
              };
    }
    return states;
  }

  private static int decimalState(Random random) {
    return CellState.of(random.nextInt(6) == 0, 0, random.nextInt(CellState.SCALE_MAX + 1));
  }

  /** Rows that look like MesoWest's: 13 decimal columns, 100 stations, values of three digits. */
  static ObservationBatch mesowest(Random random, int rows, long startMicros) {
    var stations = new ArrayList<StationKey>();
    for (int i = 0; i < 100; i++) {
      stations.add(new StationKey("8", "HCOT" + i));
    }
    int[] station = new int[rows];
    long[] times = new long[rows];
    for (int i = 0; i < rows; i++) {
      station[i] = i * 100 / Math.max(1, rows);
      times[i] = startMicros + i * 60_000_000L;
    }
    var vectors = new ArrayList<ColumnVector>();
    for (Column column : VariableDictionary.mesowest()) {
      byte[] states = new byte[rows];
      long[] values = new long[rows];
      for (int i = 0; i < rows; i++) {
        states[i] = random.nextInt(20) == 0 ? CellState.MISSING : 2;
        values[i] = states[i] < 0 ? 0 : random.nextInt(10_000);
      }
      vectors.add(new ColumnVector.Decimals(column, rows, states, values));
    }
    return new ObservationBatch(rows, stations, station, times, vectors);
  }
}
