package org.mesohub.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.mesohub.observation.Day;
import org.mesohub.observation.StationKey;
import org.mesohub.observation.TimeRange;
import org.mesohub.query.AnswerMerge.Order;
import org.mesohub.segment.Origin;
import org.mesohub.segment.RowKey;

class AnswerCheckTest {
  private static final long HOUR = 3_600_000_000L;
  private static final Origin ORIGIN = new Origin(1, "c", 1, 1, "", "");

  private static AnswerBatch batch(List<RowKey> keys) {
    var versions =
        Version.batch(keys.stream().map(k -> new Version(k, new TreeMap<>(), ORIGIN)).toList());
    return new AnswerBatch(versions.rows(), null, List.of(), null);
  }

  private static RowKey key(String network, String station, long hour) {
    return new RowKey(new StationKey(network, station), hour * HOUR);
  }

  private static AnswerCheck all(Order order) {
    return new AnswerCheck(order, new TimeRange(0, 96 * HOUR), (day, network) -> true);
  }

  @Test
  void only_pairs_that_are_wanted_are_kept_in_whatever_batches_they_come() {
    for (long seed = 0; seed < 200; seed++) {
      var random = new Random(seed);
      int turn = (int) (seed % 3);
      var keys = new TreeSet<RowKey>();
      for (int i = random.nextInt(60); i > 0; i--) {
        keys.add(key("n" + random.nextInt(3), "s" + random.nextInt(4), random.nextInt(96)));
      }
      AnswerCheck.Pairs pairs = (day, network) -> (day + network.charAt(1)) % 3 != turn;
      var check = new AnswerCheck(Order.KEYS, new TimeRange(0, 96 * HOUR), pairs);
      var told = new ArrayList<>(keys);
      var kept = new ArrayList<RowKey>();
      for (int at = 0; at < told.size(); ) {
        int count = Math.min(told.size() - at, 1 + random.nextInt(20));
        AnswerBatch wanted = check.wanted(batch(told.subList(at, at + count)));
        if (wanted != null) {
          OracleRow.of(wanted).forEach(row -> kept.add(row.key()));
        }
        at += count;
      }
      assertThat(kept)
          .as("seed %d", seed)
          .isEqualTo(
              told.stream()
                  .filter(k -> pairs.has(Day.epochDayOf(k.timeMicros()), k.station().network()))
                  .toList());
    }
  }

  @Test
  void rows_out_of_order_or_out_of_range_are_found_within_a_batch_and_between() {
    assertWrong(Order.KEYS, List.of(key("n", "a", 5), key("n", "a", 4)));
    assertWrong(Order.KEYS, List.of(key("n", "a", 5), key("n", "a", 5)));
    assertWrong(Order.KEYS, List.of(key("n", "b", 1), key("n", "a", 2)));
    assertWrong(Order.KEYS, List.of(key("n", "a", 30), key("n", "z", 20)));
    assertWrong(Order.KEYS, List.of(key("n", "a", 96)));
    assertWrong(Order.KEYS, List.of(key("n", "a", -1)));
    assertWrong(Order.STATIONS, List.of(key("n", "b", 1), key("n", "a", 2)));
    assertWrong(Order.STATIONS, List.of(key("n", "a", 1), key("n", "a", 2)));
    AnswerCheck stations = all(Order.STATIONS);
    assertThat(stations.wanted(batch(List.of(key("n", "a", 50), key("n", "b", 1))))).isNotNull();
  }

  private static void assertWrong(Order order, List<RowKey> keys) {
    AnswerCheck together = all(order);
    assertThatThrownBy(() -> together.wanted(batch(keys)))
        .isInstanceOf(IllegalArgumentException.class);
    AnswerCheck apart = all(order);
    assertThatThrownBy(() -> keys.forEach(key -> apart.wanted(batch(List.of(key)))))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
