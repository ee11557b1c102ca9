package org.mesohub.query;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.mesohub.observation.BatchBuilder;
import org.mesohub.observation.Column;
import org.mesohub.observation.Decimal;
import org.mesohub.observation.StationKey;
import org.mesohub.segment.ChunkEncoder;
import org.mesohub.segment.EncodedChunk;
import org.mesohub.segment.Origin;
import org.mesohub.segment.RowKey;
import org.mesohub.segment.VersionBatch;

/** A row version as an object, with its origin as encoded. */
record Version(RowKey key, Map<Column, Object> cells, Origin origin) {
  /** Versions in key order as one chunk. */
  static EncodedChunk encode(List<Version> sorted) {
    var chunks = new ArrayList<EncodedChunk>();
    var encoder = new ChunkEncoder(chunks::add);
    encoder.add(batch(sorted));
    encoder.finish();
    if (chunks.size() != 1) {
      throw new IllegalStateException("rows for one chunk made " + chunks.size());
    }
    return chunks.get(0);
  }

  static VersionBatch batch(List<Version> sorted) {
    var builder = new BatchBuilder(sorted.size());
    var stations = new TreeSet<StationKey>();
    var columns = new TreeSet<Column>();
    for (Version version : sorted) {
      stations.add(version.key().station());
      columns.addAll(version.cells().keySet());
    }
    stations.forEach(builder::station);
    columns.forEach(builder::column);
    var origins = new LinkedHashMap<Origin, Integer>();
    var origin = new int[sorted.size()];
    for (int row = 0; row < origin.length; row++) {
      Version version = sorted.get(row);
      builder.addRow(builder.station(version.key().station()), version.key().timeMicros());
      version.cells().forEach((column, cell) -> set(builder, builder.column(column), cell));
      origin[row] = origins.computeIfAbsent(version.origin(), o -> origins.size());
    }
    return new VersionBatch(builder.build(), List.copyOf(origins.keySet()), origin);
  }

  private static void set(BatchBuilder builder, int column, Object cell) {
    if (cell.equals(Cell.MISSING)) {
      builder.missing(column);
    } else if (cell instanceof Decimal decimal) {
      builder.decimal(column, decimal.unscaled(), decimal.state());
    } else if (cell instanceof Float value) {
      builder.float32(column, value);
    } else {
      builder.text(column, ((String) cell).substring(1));
    }
  }
}
