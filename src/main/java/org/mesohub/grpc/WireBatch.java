package org.mesohub.grpc;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.mesohub.observation.StationKey;
import org.mesohub.proto.v1.ColumnBatch;
import org.mesohub.proto.v1.Source;

/**
 * The fields of a {@code mesohub.v1.ColumnBatch} as they arrived, unchecked, with numbers in arrays
 * and bytes in the array of the message.
 */
final class WireBatch implements WireReader.Fields {
  private static final int ROWS = WireReader.varint(ColumnBatch.ROWS_FIELD_NUMBER);
  private static final int STATIONS = WireReader.bytes(ColumnBatch.STATIONS_FIELD_NUMBER);
  private static final int STATION = WireReader.bytes(ColumnBatch.STATION_FIELD_NUMBER);
  private static final int ONE_STATION = WireReader.varint(ColumnBatch.STATION_FIELD_NUMBER);
  private static final int TIMES = WireReader.bytes(ColumnBatch.TIME_DELTA_US_FIELD_NUMBER);
  private static final int ONE_TIME = WireReader.varint(ColumnBatch.TIME_DELTA_US_FIELD_NUMBER);
  private static final int COLUMNS = WireReader.bytes(ColumnBatch.COLUMNS_FIELD_NUMBER);
  private static final int COMMIT = WireReader.bytes(ColumnBatch.COMMIT_FIELD_NUMBER);
  private static final int ONE_COMMIT = WireReader.varint(ColumnBatch.COMMIT_FIELD_NUMBER);
  private static final int FLAGS = WireReader.bytes(ColumnBatch.FLAGS_FIELD_NUMBER);
  private static final int SOURCE = WireReader.bytes(ColumnBatch.SOURCE_FIELD_NUMBER);
  private static final int ONE_SOURCE = WireReader.varint(ColumnBatch.SOURCE_FIELD_NUMBER);
  private static final int SOURCES = WireReader.bytes(ColumnBatch.SOURCES_FIELD_NUMBER);

  int rows;
  final List<StationKey> stations = new ArrayList<>();
  final WireNumbers station = new WireNumbers();
  final WireNumbers timeDelta = new WireNumbers();
  final List<WireCells> columns = new ArrayList<>();

  /** How many there were, of which only those that are expected were read. */
  int columnsGiven;

  final WireNumbers commit = new WireNumbers();
  Inbound.Bytes flags = Inbound.Bytes.of(new byte[0]);
  final WireNumbers source = new WireNumbers();
  final List<Source> sources = new ArrayList<>(0);

  /** Network of the station before: neighbours share it as a rule, and then its text as well. */
  private String network = "";

  private final int columnsExpected;

  private WireBatch(int columnsExpected) {
    this.columnsExpected = columnsExpected;
  }

  /** Reads a serialized batch; fails as INVALID where it cannot be read. */
  static WireBatch of(Inbound.Bytes message, int columnsExpected) {
    var batch = new WireBatch(columnsExpected);
    WireReader.read(message, batch);
    return batch;
  }

  @Override
  public boolean read(int tag, WireReader in) throws IOException {
    if (tag == COLUMNS) {
      column(in);
    } else if (tag == STATIONS) {
      station(in);
    } else if (tag == ROWS) {
      rows = in.int32();
    } else if (tag == FLAGS) {
      flags = in.bytes();
    } else if (tag == SOURCES) {
      sources.add(in.message(Source.parser()));
    } else {
      return numbers(tag, in);
    }
    return true;
  }

  private void column(WireReader in) throws IOException {
    if (columnsGiven++ < columnsExpected) {
      var cells = new WireCells(rows);
      in.message(cells);
      columns.add(cells);
    } else {
      in.bytes();
    }
  }

  private boolean numbers(int tag, WireReader in) throws IOException {
    if (tag == STATION) {
      station.varints(in.bytes(), rows);
    } else if (tag == ONE_STATION) {
      station.add(in.int64());
    } else if (tag == TIMES) {
      timeDelta.zigzags(in.bytes(), rows);
    } else if (tag == ONE_TIME) {
      timeDelta.add(WireNumbers.zigzag(in.int64()));
    } else if (tag == COMMIT) {
      commit.varints(in.bytes(), rows);
    } else if (tag == ONE_COMMIT) {
      commit.add(in.int64());
    } else if (tag == SOURCE) {
      source.varints(in.bytes(), rows);
    } else if (tag == ONE_SOURCE) {
      source.add(in.int64());
    } else {
      return false;
    }
    return true;
  }

  private void station(WireReader in) throws IOException {
    var given = new WireStation();
    in.message(given);
    if (!network.equals(given.network)) {
      network = given.network;
    }
    stations.add(new StationKey(network, given.id));
  }
}
