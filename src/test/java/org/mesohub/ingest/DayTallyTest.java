package org.mesohub.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.mesohub.catalog.CatalogueState;
import org.mesohub.observation.Day;
import org.mesohub.observation.ObservationBatch;
import org.mesohub.observation.StationKey;
import org.mesohub.proto.internal.v1.DayDelta;

class DayTallyTest {
  private static final int SEEDS = 200;

  private record Row(int day, String network, String station, long time) {}

  @Test
  void days_rows_and_networks_are_those_of_the_rows_one_by_one() {
    for (int seed = 0; seed < SEEDS; seed++) {
      var random = new Random(seed);
      List<Row> incoming = rows(random);
      List<Row> changed = new ArrayList<>(incoming);
      changed.removeIf(row -> random.nextInt(3) == 0);
      boolean[] created = new boolean[changed.size()];
      for (int i = 0; i < created.length; i++) {
        created[i] = random.nextBoolean();
      }
      var tally = new DayTally();
      tally.incoming(batch(incoming));
      tally.changed(batch(changed), created);

      List<String> names = tally.networks();
      assertThat(names)
          .as("seed " + seed)
          .containsExactlyElementsOf(new TreeSet<>(changed.stream().map(Row::network).toList()));
      List<DayDelta> deltas = tally.deltas(CatalogueState.empty("here"));
      assertThat(deltas.stream().map(DayDelta::getEpochDay))
          .as("seed " + seed)
          .containsExactlyElementsOf(new TreeSet<>(incoming.stream().map(Row::day).toList()));
      assertThat(tally.size()).as("seed " + seed).isEqualTo(deltas.size());
      for (DayDelta delta : deltas) {
        String as = "seed " + seed + ", day " + delta.getEpochDay();
        long rows = 0;
        Set<String> networks = new TreeSet<>();
        for (int i = 0; i < changed.size(); i++) {
          if (changed.get(i).day == delta.getEpochDay()) {
            rows += created[i] ? 1 : 0;
            networks.add(changed.get(i).network);
          }
        }
        assertThat(delta.getRows()).as(as).isEqualTo(rows);
        assertThat(delta.getChanged()).as(as).isEqualTo(!networks.isEmpty());
        assertThat(delta.getBasis()).as(as).isZero();
        assertThat(
                BitSet.valueOf(delta.getNetworkBits().toByteArray()).stream().mapToObj(names::get))
            .as(as)
            .containsExactlyElementsOf(networks);
      }
    }
  }

  /** In key order; days before 1970 too. */
  private static List<Row> rows(Random random) {
    List<Row> rows = new ArrayList<>();
    for (int i = random.nextInt(30); i >= 0; i--) {
      int day = random.nextInt(4) - 2;
      String network = Integer.toString(random.nextInt(12));
      long within = random.nextInt(3) == 0 ? 0 : Day.MICROS - 1;
      rows.add(new Row(day, network, "S" + random.nextInt(3), day * Day.MICROS + within));
    }
    rows.sort(
        Comparator.comparingInt(Row::day)
            .thenComparing(Row::network)
            .thenComparing(Row::station)
            .thenComparingLong(Row::time));
    return rows;
  }

  private static ObservationBatch batch(List<Row> rows) {
    List<StationKey> stations =
        rows.stream().map(row -> new StationKey(row.network, row.station)).distinct().toList();
    return new ObservationBatch(
        rows.size(),
        stations,
        rows.stream()
            .mapToInt(row -> stations.indexOf(new StationKey(row.network, row.station)))
            .toArray(),
        rows.stream().mapToLong(Row::time).toArray(),
        List.of());
  }
}
