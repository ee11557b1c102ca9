package org.mesohub.retrieval;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class TurnsTest {
  private static final long LONG_AFTER_NANOS = TimeUnit.HOURS.toNanos(1);

  @Test
  void who_finds_no_place_waits_and_gets_one_in_the_order_of_coming() {
    var turns = new Turns(2);
    Future<Void> first = turns.enter();
    Future<Void> second = turns.enter();
    Future<Void> third = turns.enter();
    Future<Void> fourth = turns.enter();
    assertThat(first.succeeded() && second.succeeded()).isTrue();
    assertThat(third.isComplete() || fourth.isComplete()).isFalse();

    turns.leave();
    assertThat(third.succeeded()).isTrue();
    assertThat(fourth.isComplete()).isFalse();
    turns.leave();
    assertThat(fourth.succeeded()).isTrue();
    assertThat(turns.taken()).isEqualTo(2);

    turns.leave();
    turns.leave();
    assertThat(turns.taken()).isZero();
  }

  @Test
  void a_full_queue_and_places_that_stay_taken_turn_away() {
    var turns = new Turns(1);
    assertThat(turns.enter().succeeded()).isTrue();
    List<Future<Void>> waiting = new ArrayList<>();
    Future<Void> last = turns.enter();
    while (!last.failed()) {
      waiting.add(last);
      last = turns.enter();
    }
    assertThat(waiting.size()).isEqualTo(turns.waiting()).isGreaterThan(10);
    assertThat(last.cause()).hasMessageContaining("limits.queriesMax");

    turns.turnAway(System.nanoTime());
    assertThat(waiting).noneMatch(Future::isComplete);
    turns.turnAway(System.nanoTime() + LONG_AFTER_NANOS);
    assertThat(waiting).allMatch(Future::failed);
    assertThat(turns.waiting()).isZero();

    turns.leave();
    assertThat(turns.taken()).isZero();
  }
}
