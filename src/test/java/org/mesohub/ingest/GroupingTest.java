package org.mesohub.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.mesohub.api.PutOptions;
import org.mesohub.api.PutOutcome;
import org.mesohub.ingest.IngestWorld.Row;

/** Which puts share a commit, and that each gets its own answer. */
class GroupingTest {
  private final IngestWorld world = new IngestWorld();
  private final CountDownLatch go = new CountDownLatch(1);

  @AfterEach
  void close() {
    go.countDown();
    world.close();
  }

  /** Keeps the committer busy until told, so that what comes now waits together. */
  private void hold() throws Exception {
    var began = new CountDownLatch(1);
    world.committer.exclusively(
        () -> {
          began.countDown();
          return go.await(30, TimeUnit.SECONDS);
        });
    assertThat(began.await(30, TimeUnit.SECONDS)).isTrue();
  }

  private CompletableFuture<PutOutcome> put(
      PutOptions.@Nullable Token token, String source, Row... rows) {
    String content = List.of(rows).toString();
    return world.committer.put(
        IngestWorld.info(token, source, content), new PutRows.Few(IngestWorld.batch(rows)), null);
  }

  private static PutOutcome outcome(CompletableFuture<PutOutcome> put) throws Exception {
    return put.get(30, TimeUnit.SECONDS);
  }

  @Test
  void small_puts_that_wait_together_are_one_entry_and_each_has_its_own_counts() throws Exception {
    hold();
    List<CompletableFuture<PutOutcome>> puts = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      puts.add(put(null, "s", new Row("S" + i, 0, i), new Row("ALL", 0, i / 50)));
    }
    go.countDown();
    for (int i = 0; i < 100; i++) {
      PutOutcome outcome = outcome(puts.get(i));
      assertThat(outcome.stored()).as("put %d", i).isEqualTo(i == 0 ? 2 : 1);
      assertThat(outcome.corrected()).as("put %d", i).isEqualTo(i == 50 ? 1 : 0);
      assertThat(outcome.unchanged()).as("put %d", i).isEqualTo(i == 0 || i == 50 ? 0 : 1);
    }
    assertThat(world.entries).hasSize(1);
    assertThat(world.state().rows()).isEqualTo(101);
  }

  @Test
  void another_source_and_more_rows_than_a_group_takes_begin_a_new_entry() throws Exception {
    hold();
    var puts = new ArrayList<CompletableFuture<PutOutcome>>();
    puts.add(put(null, "a", new Row("A", 0, 1)));
    puts.add(put(null, "b", new Row("B", 0, 1)));
    puts.add(put(null, "b", new Row("C", 0, 1)));
    puts.add(put(null, "a", new Row("D", 0, 1)));
    var many = new Row[2_000];
    for (int put = 0; put < 9; put++) {
      for (int i = 0; i < many.length; i++) {
        many[i] = new Row("M" + put, i % 600, put);
      }
      puts.add(put(null, "a", many));
    }
    go.countDown();
    for (CompletableFuture<PutOutcome> put : puts) {
      assertThat(outcome(put).stored()).isPositive();
    }
    // a, b b, a and eight of the nine large ones, the last one.
    assertThat(world.entries).hasSize(4);
  }

  @Test
  void the_same_put_twice_is_stored_once_and_both_get_its_answer() throws Exception {
    hold();
    var token = new PutOptions.Token("c", 1);
    var first = put(token, "s", new Row("A", 0, 1));
    var again = put(token, "s", new Row("A", 0, 1));
    var other = put(token, "s", new Row("A", 0, 2));
    var next = put(new PutOptions.Token("c", 2), "s", new Row("A", 0, 3));
    go.countDown();
    assertThat(outcome(first).stored()).isOne();
    assertThat(outcome(first).replayed()).isFalse();
    assertThat(outcome(again).replayed()).isTrue();
    assertThat(outcome(again).stored()).isOne();
    assertThat(outcome(again).commit()).isEqualTo(outcome(first).commit());
    assertThat(other)
        .failsWithin(30, TimeUnit.SECONDS)
        .withThrowableThat()
        .withMessageContaining("other content");
    assertThat(outcome(next).corrected()).isOne();
  }

  @Test
  void without_room_puts_are_refused_but_a_repeated_one_hears_its_first_answer() throws Exception {
    var token = new PutOptions.Token("c", 1);
    outcome(put(token, "s", new Row("A", 0, 1)));
    world.shortage = java.util.Optional.of("the disk has 3 MiB left");
    assertThat(put(null, "s", new Row("B", 0, 1)))
        .failsWithin(30, TimeUnit.SECONDS)
        .withThrowableThat()
        .withMessageContaining("the disk has 3 MiB left; nothing was stored now");
    assertThat(outcome(put(token, "s", new Row("A", 0, 1))).replayed()).isTrue();
    assertThat(world.state().rows()).isOne();
    world.shortage = java.util.Optional.empty();
    assertThat(outcome(put(null, "s", new Row("B", 0, 1))).stored()).isOne();
  }
}
