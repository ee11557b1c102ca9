package org.mesohub.segment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.mesohub.observation.Column;
import org.mesohub.observation.ColumnVector;
import org.mesohub.observation.ObservationBatch;

class BatchesTest {
  @Test
  void gathersSlicesAndSelectsLikeLists() {
    for (long seed = 0; seed < 1_000; seed++) {
      var random = new Random(seed);
      List<Version> versions = new RandomVersions(random).run(1 + random.nextInt(20));
      VersionBatch batch = Version.batch(versions);

      int[] rows = random.ints(random.nextInt(30), 0, versions.size()).toArray();
      int count = rows.length == 0 ? 0 : random.nextInt(rows.length);
      var picked = new ArrayList<Version>();
      for (int i = 0; i < count; i++) {
        picked.add(versions.get(rows[i]));
      }
      assertThat(Version.list(Batches.gather(batch, rows, count)))
          .as("seed %d", seed)
          .isEqualTo(picked);

      int from = random.nextInt(versions.size());
      int to = from + random.nextInt(versions.size() - from + 1);
      assertThat(Version.list(Batches.slice(batch, from, to)))
          .as("seed %d", seed)
          .isEqualTo(versions.subList(from, to));

      List<Column> columns =
          new ArrayList<>(batch.rows().columns().stream().map(ColumnVector::column).toList());
      Collections.shuffle(columns, random);
      columns = columns.subList(0, random.nextInt(columns.size() + 1));
      ObservationBatch selected = Batches.select(batch.rows(), columns);
      assertThat(selected.columns().stream().map(ColumnVector::column))
          .as("seed %d", seed)
          .isEqualTo(columns);
      for (int row = 0; row < versions.size(); row++) {
        var cells = new TreeMap<>(versions.get(row).cells());
        cells.keySet().retainAll(columns);
        assertThat(Version.cells(selected, row)).as("seed %d", seed).isEqualTo(cells);
      }
    }
  }

  @Test
  void leavesOutColumnsThatTheBatchLacks() {
    ObservationBatch rows = Version.batch(new RandomVersions(new Random(1)).run(5)).rows();
    assertThat(Batches.select(rows, List.of(Column.decimal("depth", 0, "m"))).columns()).isEmpty();
  }

  @Test
  void aSliceFromTheFirstRowSharesArrays() {
    ObservationBatch rows = Version.batch(new RandomVersions(new Random(1)).run(5)).rows();
    assertThat(Batches.slice(rows, 0, 3).timeMicros()).isSameAs(rows.timeMicros());
  }

  @Test
  void refusesSlicesOutsideTheBatch() {
    ObservationBatch rows = Version.batch(new RandomVersions(new Random(1)).run(5)).rows();
    assertThatThrownBy(() -> Batches.slice(rows, 2, 6))
        .isInstanceOf(IndexOutOfBoundsException.class);
  }
}
