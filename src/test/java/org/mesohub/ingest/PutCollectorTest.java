package org.mesohub.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mesohub.observation.BatchBuilder;
import org.mesohub.observation.Column;
import org.mesohub.observation.ColumnVector;
import org.mesohub.observation.StationKey;
import org.mesohub.observation.VariableDictionary;
import org.mesohub.segment.Origin;
import org.mesohub.segment.RowKey;
import org.mesohub.segment.VersionBatch;
import org.mesohub.segment.VersionCursor;

class PutCollectorTest {
  /** Runs before the merge: many more than are merged at once. */
  private static final int BATCHES = 700;

  private static final long START = 1_521_158_400_000_000L;
  private static final Origin ORIGIN = Origin.local("test", "");

  @TempDir Path spill;

  private record Row(RowKey key, long value) {}

  /** Rows of few keys, so that most come several times: of equal keys the later must stay later. */
  @Test
  void rows_spilled_in_many_runs_come_back_in_key_order_and_then_in_input_order() {
    var limits = new IngestLimits(1_000_000, 2, 10, Long.MAX_VALUE, 1);
    var inMemory = new AtomicLong();
    var rules = new NetworkRules("1", Map.of(), Map.of());
    var collector = new PutCollector("put", "test", limits, rules, inMemory, spill, () -> START);
    var random = new Random(5);
    Column column = VariableDictionary.mesowest().get(4);
    List<Row> expected = new ArrayList<>();
    for (int i = 0; i < BATCHES; i++) {
      var batch = new BatchBuilder(16);
      int cells = batch.column(column);
      for (int row = 0; row < 2; row++) {
        var station = new StationKey("1", "S" + random.nextInt(20));
        long time = START + random.nextInt(40) * 3_600_000_000L;
        batch.addRow(batch.station(station), time);
        batch.decimal(cells, expected.size(), 0);
        expected.add(new Row(new RowKey(station, time), expected.size()));
      }
      collector.batch(batch.build());
    }
    expected.sort(Comparator.comparing(Row::key));

    try (PutRows rows = collector.rowsReady(ORIGIN)) {
      assertThat(rows).isInstanceOf(PutRows.Spilled.class);
      assertThat(((PutRows.Spilled) rows).runs()).hasSizeBetween(2, 64);
      assertThat(read(rows)).isEqualTo(expected);
      assertThat(read(rows)).as("read again").isEqualTo(expected);
    }
    assertThat(spill).as("temporary files afterwards").isEmptyDirectory();
    assertThat(inMemory).as("rows that count as held").hasValue(0);
  }

  private static List<Row> read(PutRows rows) {
    List<Row> read = new ArrayList<>();
    try (VersionCursor windows = rows.windows(ORIGIN)) {
      for (VersionBatch w = windows.next(); w != null; w = windows.next()) {
        var cells = (ColumnVector.Decimals) w.rows().columns().get(0);
        for (int row = 0; row < w.rows().rows(); row++) {
          StationKey station = w.rows().stations().get(w.rows().station()[row]);
          read.add(new Row(new RowKey(station, w.rows().timeMicros()[row]), cells.unscaled()[row]));
        }
      }
    }
    return read;
  }
}
