package org.mesohub.routing;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BreakerTest {
  private static final long MIN = 1_000;
  private static final long MAX = 30_000;

  private static Breaker open(int failures, long nowNanos) {
    var breaker = new Breaker(failures, MIN, MAX);
    for (int i = 0; i < failures; i++) {
      assertThat(breaker.isOpen()).isFalse();
      assertThat(breaker.tryCall(nowNanos)).isTrue();
      breaker.failed(nowNanos);
    }
    assertThat(breaker.isOpen()).isTrue();
    return breaker;
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3})
  void one_call_passes_after_each_pause_which_doubles_up_to_a_bound(int failures) {
    long now = 5;
    Breaker breaker = open(failures, now);
    long pause = MIN;
    for (int i = 0; i < 10; i++) {
      assertThat(breaker.tryCall(now + pause - 1)).isFalse();
      now += pause;
      assertThat(breaker.tryCall(now)).isTrue();
      assertThat(breaker.tryCall(now)).isFalse();
      breaker.failed(now);
      pause = Math.min(2 * pause, MAX);
    }
    assertThat(pause).isEqualTo(MAX);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3})
  void a_success_closes_it_and_the_next_pause_is_the_first_again(int failures) {
    Breaker breaker = open(failures, 0);
    assertThat(breaker.tryCall(MIN)).isTrue();
    breaker.failed(MIN);
    breaker.succeeded();
    assertThat(breaker.isOpen()).isFalse();
    for (int i = 0; i < failures; i++) {
      assertThat(breaker.tryCall(MIN)).isTrue();
      breaker.failed(MIN);
    }
    assertThat(breaker.tryCall(2 * MIN - 1)).isFalse();
    assertThat(breaker.tryCall(2 * MIN)).isTrue();
  }

  @Test
  void only_failures_in_a_row_open_it() {
    var breaker = new Breaker(3, MIN, MAX);
    for (int i = 0; i < 5; i++) {
      breaker.failed(0);
      breaker.failed(0);
      breaker.succeeded();
    }
    assertThat(breaker.isOpen()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3})
  void calls_from_before_do_not_make_the_pause_longer(int failures) {
    Breaker breaker = open(failures, 0);
    for (int i = 0; i < 100; i++) {
      breaker.failed(i);
    }
    assertThat(breaker.tryCall(MIN)).isTrue();
  }

  @Test
  void a_call_that_tells_nothing_lets_the_next_one_try() {
    Breaker breaker = open(1, 0);
    assertThat(breaker.tryCall(MIN)).isTrue();
    breaker.released();
    assertThat(breaker.isOpen()).isTrue();
    assertThat(breaker.tryCall(MIN)).isTrue();
  }
}
