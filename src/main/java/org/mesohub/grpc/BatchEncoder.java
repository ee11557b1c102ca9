package org.mesohub.grpc;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.mesohub.observation.ColumnVector;
import org.mesohub.observation.ObservationBatch;
import org.mesohub.observation.StationKey;
import org.mesohub.proto.v1.Cells;
import org.mesohub.proto.v1.ColumnBatch;
import org.mesohub.proto.v1.Source;
import org.mesohub.proto.v1.Station;
import org.mesohub.query.AnswerBatch;
import org.mesohub.segment.Origin;

/** Writes answer batches as {@code mesohub.v1.ColumnBatch}. Runs on worker threads. */
final class BatchEncoder {
  private static final byte[] NONE = {};

  /** First guess at the encoded size of a cell, in bytes. */
  private static final int CELL_BYTES_GUESS = 3;

  private BatchEncoder() {}

  /** The serialized message that holds a batch in its length-delimited field {@code field}. */
  static byte[] message(int field, AnswerBatch batch) {
    int rows = batch.rows().rows();
    var out =
        new ReverseWriter(rows * CELL_BYTES_GUESS * (batch.rows().columns().size() + 3) + 1024);
    write(batch, out);
    out.close(field, 0);
    return out.toBytes();
  }

  /** The serialized batch. */
  static byte[] batch(AnswerBatch batch) {
    var out = new ReverseWriter(1024);
    write(batch, out);
    return out.toBytes();
  }

  private static void write(AnswerBatch answer, ReverseWriter out) {
    ObservationBatch rows = answer.rows();
    int count = rows.rows();
    int[] origin = answer.origin();
    if (origin != null) {
      origins(answer.origins(), origin, count, out);
    }
    byte[] flags = answer.flags();
    if (flags != null && count > 0) {
      out.bytes(ColumnBatch.FLAGS_FIELD_NUMBER, flags, count);
    }
    if (origin != null) {
      long[] commits = new long[count];
      for (int i = 0; i < count; i++) {
        commits[i] = answer.origins().get(origin[i]).commit();
      }
      out.packed(ColumnBatch.COMMIT_FIELD_NUMBER, commits, count);
    }
    for (int i = rows.columns().size() - 1; i >= 0; i--) {
      int mark = out.size();
      cells(rows.columns().get(i), count, out);
      out.close(ColumnBatch.COLUMNS_FIELD_NUMBER, mark);
    }
    out.packedDeltas(ColumnBatch.TIME_DELTA_US_FIELD_NUMBER, rows.timeMicros(), count);
    int[] used = used(rows.stations().size(), rows.station(), NONE, count);
    out.packedMapped(ColumnBatch.STATION_FIELD_NUMBER, rows.station(), used, NONE, count);
    stations(rows.stations(), used, out);
    out.integer(ColumnBatch.ROWS_FIELD_NUMBER, count);
  }

  private static void origins(List<Origin> origins, int[] origin, int count, ReverseWriter out) {
    for (int i = origins.size() - 1; i >= 0; i--) {
      Origin from = origins.get(i);
      Source source =
          Source.newBuilder()
              .setCluster(from.cluster())
              .setCommit(from.originCommit())
              .setCommitTimeUs(from.originTimeMicros())
              .setSource(from.source())
              .setLicence(from.licence())
              .build();
      out.bytes(ColumnBatch.SOURCES_FIELD_NUMBER, source.toByteArray());
    }
    int[] same = new int[origins.size()];
    Arrays.setAll(same, i -> i);
    out.packedMapped(ColumnBatch.SOURCE_FIELD_NUMBER, origin, same, NONE, count);
  }

  private static void stations(List<StationKey> stations, int[] used, ReverseWriter out) {
    int[] order = inverse(used);
    for (int i = order.length - 1; i >= 0; i--) {
      StationKey key = stations.get(order[i]);
      int mark = out.size();
      out.bytes(Station.ID_FIELD_NUMBER, key.station().getBytes(StandardCharsets.UTF_8));
      out.bytes(Station.NETWORK_FIELD_NUMBER, key.network().getBytes(StandardCharsets.UTF_8));
      out.close(ColumnBatch.STATIONS_FIELD_NUMBER, mark);
    }
  }

  private static void cells(ColumnVector vector, int count, ReverseWriter out) {
    byte[] states = vector.states();
    if (vector instanceof ColumnVector.Decimals decimals) {
      out.packedSigned(Cells.UNSCALED_FIELD_NUMBER, decimals.unscaled(), states, count);
    } else if (vector instanceof ColumnVector.Floats floats) {
      out.packedFloats(Cells.FLOAT32_FIELD_NUMBER, floats.values(), states, count);
    } else if (vector instanceof ColumnVector.Texts texts) {
      int[] used = used(texts.dictionary().length, texts.codes(), states, count);
      int[] order = inverse(used);
      for (int i = order.length - 1; i >= 0; i--) {
        String text = texts.dictionary()[order[i]];
        out.bytes(Cells.DICTIONARY_FIELD_NUMBER, text.getBytes(StandardCharsets.UTF_8));
      }
      out.packedMapped(Cells.TEXT_FIELD_NUMBER, texts.codes(), used, states, count);
    }
    if (count > 0) {
      out.bytes(Cells.STATE_FIELD_NUMBER, states, uniform(states, count) ? 1 : count);
    }
  }

  private static boolean uniform(byte[] states, int count) {
    return Arrays.mismatch(states, 0, count - 1, states, 1, count) < 0;
  }

  /** New index per dictionary entry, in order of first use; -1 for those that no row uses. */
  private static int[] used(int size, int[] codes, byte[] states, int count) {
    int[] index = new int[size];
    Arrays.fill(index, -1);
    int next = 0;
    for (int i = 0; i < count; i++) {
      if ((states.length == 0 || states[i] >= 0) && index[codes[i]] < 0) {
        index[codes[i]] = next++;
      }
    }
    return index;
  }

  /** Old index per new one. */
  private static int[] inverse(int[] index) {
    int used = 0;
    for (int i : index) {
      used = Math.max(used, i + 1);
    }
    int[] order = new int[used];
    for (int i = 0; i < index.length; i++) {
      if (index[i] >= 0) {
        order[index[i]] = i;
      }
    }
    return order;
  }
}
