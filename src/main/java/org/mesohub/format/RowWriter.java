package org.mesohub.format;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.mesohub.observation.CellState;
import org.mesohub.observation.Column;
import org.mesohub.observation.ColumnVector;
import org.mesohub.observation.ObservationBatch;
import org.mesohub.observation.StationKey;
import org.mesohub.observation.Timestamps;

/**
 * What row-wise writers share: which vector of a batch belongs to which output column, station
 * texts encoded once per batch, the last instant's text.
 */
abstract class RowWriter implements BatchWriter {
  private static final byte[] NOTHING = new byte[0];
  private static final byte[] NO_STATES = new byte[0];
  private static final long[] NO_DIGITS = new long[0];

  final List<Column> columns;

  /** Per output column its vector in the bound batch, null when the batch lacks it. */
  final @Nullable ColumnVector[] vectors;

  /** Per output column the states and digits of a decimal vector, empty for others. */
  final byte[][] states;

  final long[][] digits;
  private @Nullable ObservationBatch bound;
  private byte[] @Nullable [] stations = new byte[0][];
  private byte[] @Nullable [] networks = new byte[0][];
  private final byte[] time = new byte[Timestamps.BYTES_MAX];
  private long timeMicros = Timestamps.INVALID;
  private int timeLen;

  RowWriter(List<Column> columns) {
    this.columns = List.copyOf(columns);
    this.vectors = new @Nullable ColumnVector[columns.size()];
    this.states = new byte[columns.size()][];
    this.digits = new long[columns.size()][];
  }

  @Override
  public void tail(ByteBuilder out) {}

  @Override
  public final void rows(ObservationBatch batch, int from, int to, ByteBuilder out) {
    if (batch != bound) {
      bind(batch);
    }
    for (int row = from; row < to; row++) {
      int index = batch.station()[row];
      byte[] station = stations[index];
      if (station == null) {
        station = station(batch.stations().get(index));
        stations[index] = station;
      }
      byte[] network = networks[index];
      if (network == null) {
        network = network(batch.stations().get(index));
        networks[index] = network;
      }
      row(row, station, network, batch.timeMicros()[row], out);
    }
  }

  /** The bytes that stand for a station in every row of it, before the instant. */
  abstract byte[] station(StationKey key);

  /**
   * The bytes that stand for a station after the instant, where the format has its network there.
   */
  byte[] network(StationKey key) {
    return NOTHING;
  }

  abstract void row(int row, byte[] station, byte[] network, long timeMicros, ByteBuilder out);

  /** Writes an instant's text. */
  abstract int writeTime(byte[] out, int pos, long micros);

  /** Copies the text of an instant; there must be room for {@link Timestamps#BYTES_MAX}. */
  final int putTime(byte[] out, int pos, long micros) {
    if (micros != timeMicros) {
      timeLen = writeTime(time, 0, micros);
      timeMicros = micros;
    }
    System.arraycopy(time, 0, out, pos, timeLen);
    return pos + timeLen;
  }

  static int put(byte[] out, int pos, byte[] text) {
    System.arraycopy(text, 0, out, pos, text.length);
    return pos + text.length;
  }

  /** State of a cell, {@link CellState#ABSENT} where the batch lacks the column. */
  final byte state(int column, int row) {
    byte[] own = states[column];
    if (own.length > 0) {
      return own[row];
    }
    ColumnVector vector = vectors[column];
    return vector == null ? CellState.ABSENT : vector.states()[row];
  }

  /** A value that is present, as text; for vectors that are not decimal. */
  final String text(int column, int row) {
    ColumnVector vector = vectors[column];
    if (vector instanceof ColumnVector.Floats floats) {
      return Float.toString(floats.values()[row]);
    }
    if (vector instanceof ColumnVector.Texts texts) {
      return texts.dictionary()[texts.codes()[row]];
    }
    throw new IllegalStateException("no text in " + columns.get(column));
  }

  private void bind(ObservationBatch batch) {
    for (int i = 0; i < vectors.length; i++) {
      int at = batch.indexOf(columns.get(i)).orElse(-1);
      ColumnVector vector = at < 0 ? null : batch.columns().get(at);
      vectors[i] = vector;
      if (vector instanceof ColumnVector.Decimals decimals) {
        states[i] = decimals.states();
        digits[i] = decimals.unscaled();
      } else {
        states[i] = NO_STATES;
        digits[i] = NO_DIGITS;
      }
    }
    stations = new byte[batch.stations().size()][];
    networks = new byte[batch.stations().size()][];
    bound = batch;
  }
}
