package org.mesohub.upkeep;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.mesohub.catalog.Entries;
import org.mesohub.catalog.RunBodies;
import org.mesohub.catalog.RunRef;
import org.mesohub.cluster.CatalogueLog;
import org.mesohub.cluster.CatalogueMachine;
import org.mesohub.cluster.ReplicatedLog;
import org.mesohub.observation.Day;
import org.mesohub.proto.internal.v1.RunBody;

class OldDaysTest {
  private static final long HOUR = 3_600_000_000L;
  private static final int TODAY = 1_000;

  private final CatalogueMachine machine = new CatalogueMachine();
  private final CatalogueLog log = new CatalogueLog(new AppliedAtOnce(), machine);
  private long now = new Day(TODAY).startMicros() + HOUR;
  private int bodies;

  /** A log of one that applies what is submitted at the test's time. */
  private final class AppliedAtOnce implements ReplicatedLog {
    private long index;

    @Override
    public Future<byte[]> submit(byte[] entry) {
      return Future.succeededFuture(machine.apply(++index, now, entry));
    }

    @Override
    public Future<Void> barrier() {
      return Future.succeededFuture();
    }

    @Override
    public LogStatus status() {
      return new LogStatus("n", "n", "LEADER", 1, index, index, List.of("n"));
    }
  }

  private void commit(Integer... days) {
    RunBody body = RunBodies.toProto(new RunRef.Body.Stored(Entries.id("run " + bodies++)));
    log.propose(Entries.commit(machine.state(), body, List.of(days)).toBuilder());
  }

  private List<Integer> days() {
    return machine.state().days().keySet().stream().map(Day::epochDay).toList();
  }

  private int drop(Duration kept) {
    return new OldDays(log, kept, () -> now).drop();
  }

  @Test
  void daysGoWhenTheirEndIsOlderThanRowsAreKept() {
    for (int day = TODAY - 5; day <= TODAY; day++) {
      commit(day);
    }

    assertThat(drop(Duration.ofDays(2))).isEqualTo(3);

    // The day before yesterday ended 25 hours ago, the one before that 49.
    assertThat(days()).containsExactly(TODAY - 2, TODAY - 1, TODAY);
  }

  @Test
  void aRunOfSeveralDaysStaysInThoseThatAreKept() {
    commit(TODAY - 9, TODAY);

    assertThat(drop(Duration.ofDays(2))).isEqualTo(1);

    assertThat(days()).containsExactly(TODAY);
  }

  @Test
  void aLateRowOfAnOldDayGoesWithTheNextLook() {
    commit(TODAY - 9);
    drop(Duration.ofDays(2));
    commit(TODAY - 9);

    assertThat(drop(Duration.ofDays(2))).isEqualTo(1);
    assertThat(days()).isEmpty();
  }

  @Test
  void aDayOfMoreRunsThanOneEntryHoldsGoesAsWell() {
    for (int run = 0; run < 5_000; run++) {
      commit(TODAY - 9);
    }
    commit(TODAY - 8);

    assertThat(drop(Duration.ofDays(2))).isEqualTo(2);
    assertThat(days()).isEmpty();
  }

  @Test
  void aClockAheadOfTheLogDropsNothing() {
    commit(TODAY - 1);
    now += 1_000 * 24 * HOUR;

    assertThat(drop(Duration.ofDays(30))).isZero();
  }

  @Test
  void nothingGoesWithoutALimit() {
    commit(1);

    assertThat(drop(null)).isZero();
    assertThat(days()).containsExactly(1);
  }
}
