package org.mesohub.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class OpenLoopTest {
  private static final long MILLI = 1_000_000;
  private static final long START = 5_000;

  /** 1,000 a second: one a millisecond. */
  private final List<Long> started = new ArrayList<>();

  @Test
  void requests_start_when_due_although_none_is_answered() {
    var loop = new OpenLoop(1_000, START, 5 * MILLI, 100);
    for (long ms = 0; ms <= 10; ms++) {
      loop.tick(START + ms * MILLI, started::add);
    }
    assertThat(started).containsExactly(at(0), at(1), at(2), at(3), at(4));
    assertThat(loop.inFlight()).isEqualTo(5);
    assertThat(loop.late()).isZero();
    assertThat(loop.isDone()).isFalse();
  }

  @Test
  void a_tick_that_comes_late_starts_everything_due_with_the_times_at_which_it_was_due() {
    var loop = new OpenLoop(1_000, START, 5 * MILLI, 100);
    loop.tick(START + 3 * MILLI, started::add);
    assertThat(started).containsExactly(at(0), at(1), at(2), at(3));
  }

  @Test
  void beyond_the_limit_requests_wait_and_keep_the_time_at_which_they_were_due() {
    var loop = new OpenLoop(1_000, START, 4 * MILLI, 2);
    loop.tick(START + 10 * MILLI, started::add);
    assertThat(started).containsExactly(at(0), at(1));
    assertThat(loop.late()).isEqualTo(2);

    loop.finished(started::add);
    loop.finished(started::add);
    assertThat(started).containsExactly(at(0), at(1), at(2), at(3));

    loop.finished(started::add);
    loop.finished(started::add);
    assertThat(loop.isDone()).isTrue();
    assertThat(loop.late()).isEqualTo(2);
  }

  @Test
  void giving_up_counts_what_was_due_and_never_started() {
    var loop = new OpenLoop(1_000, START, 10 * MILLI, 1);
    loop.tick(START + 4 * MILLI, started::add);
    assertThat(loop.abandon()).isEqualTo(4);
    loop.tick(START + 20 * MILLI, started::add);
    loop.finished(started::add);
    assertThat(started).containsExactly(at(0));
    assertThat(loop.isDone()).isTrue();
  }

  @Test
  void slow_answers_shift_no_arrival_whatever_they_do() {
    for (long seed = 0; seed < 200; seed++) {
      var random = new Random(seed);
      int inFlightMax = 1 + random.nextInt(20);
      double rate = 100 + random.nextInt(5_000);
      var loop = new OpenLoop(rate, START, 100 * MILLI, inFlightMax);
      var due = new ArrayList<Long>();
      var ends = new PriorityQueue<Long>();
      long now = START;
      int running = 0;
      while (!loop.isDone()) {
        now += 1 + random.nextInt(3_000_000);
        long at = now;
        while (!ends.isEmpty() && ends.peek() <= now) {
          ends.remove();
          loop.finished(d -> start(due, ends, d, at, random));
        }
        loop.tick(now, d -> start(due, ends, d, at, random));
        running = Math.max(running, loop.inFlight());
      }
      List<Long> oracle =
          LongStream.range(0, (long) Math.ceil(rate / 10))
              .mapToObj(i -> START + (long) (i * 1e9 / rate))
              .toList();
      assertThat(due).as("seed %d", seed).isEqualTo(oracle);
      assertThat(running).as("seed %d", seed).isLessThanOrEqualTo(inFlightMax);
    }
  }

  private static void start(
      List<Long> due, PriorityQueue<Long> ends, long dueAt, long now, Random random) {
    due.add(dueAt);
    ends.add(now + random.nextInt(30_000_000));
  }

  private static long at(long ms) {
    return START + ms * MILLI;
  }
}
