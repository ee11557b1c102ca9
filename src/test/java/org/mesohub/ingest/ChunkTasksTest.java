package org.mesohub.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.mesohub.observation.BatchBuilder;
import org.mesohub.observation.Column;
import org.mesohub.observation.ColumnVector;
import org.mesohub.observation.ObservationBatch;
import org.mesohub.observation.StationKey;
import org.mesohub.segment.Batches;
import org.mesohub.segment.Chunk;
import org.mesohub.segment.ChunkLimits;
import org.mesohub.segment.EncodedChunk;
import org.mesohub.segment.Origin;
import org.mesohub.segment.VersionBatch;

class ChunkTasksTest {
  private static final Column COLUMN = Column.decimal("air_temperature", 0, "Cel");

  /** Row {@code i} has the value {@code i}, so that order shows. */
  private static VersionBatch rows(int count) {
    var builder = new BatchBuilder(count);
    int column = builder.column(COLUMN);
    for (int row = 0; row < count; row++) {
      builder.addRow(builder.station(new StationKey("1", "S%06d".formatted(row / 5))), row % 5);
      builder.decimal(column, row, 0);
    }
    ObservationBatch batch = builder.build();
    return new VersionBatch(batch, List.of(Origin.local("", "")), new int[count]);
  }

  private static List<EncodedChunk> encode(VersionBatch all, Random cuts, Executor workers) {
    var chunks = new ArrayList<EncodedChunk>();
    var tasks = new ChunkTasks(workers, chunks::add);
    int from = 0;
    while (from < all.rows().rows()) {
      int to = Math.min(all.rows().rows(), from + 1 + cuts.nextInt(60_000));
      tasks.add(Batches.slice(all, from, to));
      from = to;
    }
    tasks.finish();
    return chunks;
  }

  private static List<Long> values(List<EncodedChunk> chunks) {
    var values = new ArrayList<Long>();
    for (EncodedChunk encoded : chunks) {
      Chunk chunk = Chunk.open(encoded.bytes());
      for (int block = 0; block < chunk.blocks(); block++) {
        var column = (ColumnVector.Decimals) chunk.block(block).column(0);
        for (int row = 0; row < column.size(); row++) {
          values.add(column.unscaled()[row]);
        }
      }
    }
    return values;
  }

  @Test
  void theSameChunksComeInOrderWhateverTheBatchesAndTheThreads() {
    ExecutorService pool = Executors.newFixedThreadPool(2);
    try {
      int max = ChunkLimits.ROWS_MAX;
      for (int count : new int[] {0, 1, 32_768, 32_769, max - 1, max, max + 1, 3 * max + 40_000}) {
        VersionBatch all = rows(count);
        List<EncodedChunk> alone = encode(all, new Random(count), Runnable::run);
        List<EncodedChunk> together = encode(all, new Random(-1 - count), pool);

        assertThat(values(alone)).as("%d rows", count).hasSize(count).isSorted();
        assertThat(together)
            .as("%d rows", count)
            .extracting(chunk -> chunk.summary().id())
            .isEqualTo(alone.stream().map(chunk -> chunk.summary().id()).toList());
      }
    } finally {
      pool.shutdownNow();
    }
  }

  @Test
  void aPoolThatIsBusyForEverHoldsNothingUp() {
    assertThat(values(encode(rows(150_000), new Random(1), task -> {})))
        .hasSize(150_000)
        .isSorted();
  }

  @Test
  void aFailureReachesTheCaller() {
    VersionBatch rows = rows(10);
    var backwards = new ArrayList<VersionBatch>();
    backwards.add(Batches.slice(rows, 5, 10));
    backwards.add(Batches.slice(rows, 0, 5));
    var tasks = new ChunkTasks(Runnable::run, chunk -> {});
    backwards.forEach(tasks::add);

    assertThatThrownBy(tasks::finish)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("sort");
  }
}
