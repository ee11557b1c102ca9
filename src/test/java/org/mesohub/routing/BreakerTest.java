package org.mesohub.routing;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class BreakerTest {
  private final Breaker breaker = new Breaker();

  private void fail(long nowNanos) {
    assertThat(breaker.tryCall(nowNanos)).isTrue();
    breaker.failed(nowNanos);
  }

  @Test
  void opens_after_failures_in_a_row_only() {
    fail(0);
    fail(0);
    assertThat(breaker.tryCall(0)).isTrue();
    breaker.succeeded();
    fail(0);
    fail(0);
    assertThat(breaker.isOpen(0)).isFalse();
    fail(0);
    assertThat(breaker.isOpen(0)).isTrue();
    assertThat(breaker.tryCall(Breaker.PAUSE_NANOS - 1)).isFalse();
  }

  @Test
  void lets_one_call_through_after_a_pause() {
    fail(0);
    fail(0);
    fail(0);
    assertThat(breaker.tryCall(Breaker.PAUSE_NANOS)).isTrue();
    assertThat(breaker.tryCall(Breaker.PAUSE_NANOS)).isFalse();
    breaker.succeeded();
    assertThat(breaker.tryCall(Breaker.PAUSE_NANOS)).isTrue();
    assertThat(breaker.isOpen(Breaker.PAUSE_NANOS)).isFalse();
  }

  @Test
  void pauses_grow_up_to_a_bound() {
    long now = 0;
    fail(now);
    fail(now);
    fail(now);
    long pause = Breaker.PAUSE_NANOS;
    for (int i = 0; i < 10; i++) {
      assertThat(breaker.tryCall(now + pause - 1)).isFalse();
      now += pause;
      fail(now);
      pause = Math.min(2 * pause, Breaker.PAUSE_NANOS_MAX);
    }
    assertThat(pause).isEqualTo(Breaker.PAUSE_NANOS_MAX);
    breaker.succeeded();
    fail(now);
    fail(now);
    fail(now);
    assertThat(breaker.tryCall(now + Breaker.PAUSE_NANOS)).isTrue();
  }

  @Test
  void calls_that_were_under_way_when_it_opened_do_not_lengthen_the_pause() {
    for (int i = 0; i < 5; i++) {
      assertThat(breaker.tryCall(0)).isTrue();
    }
    for (int i = 0; i < 5; i++) {
      breaker.failed(0);
    }
    assertThat(breaker.tryCall(Breaker.PAUSE_NANOS)).isTrue();
  }
}
