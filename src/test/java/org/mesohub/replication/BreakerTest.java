package org.mesohub.replication;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class BreakerTest {
  private final Breaker breaker = new Breaker();

  @Test
  void aMemberThatDoesNotAnswerIsTriedOnceAfterEachPauseWhichDoubles() {
    long now = 5;
    long pause = Breaker.PAUSE_MIN_NANOS;
    breaker.unanswered(now);
    for (int i = 0; i < 8; i++) {
      assertThat(breaker.passes(now + pause - 1)).isFalse();
      now += pause;
      assertThat(breaker.passes(now)).isTrue();
      assertThat(breaker.passes(now)).isFalse();
      breaker.unanswered(now);
      pause = Math.min(2 * pause, Breaker.PAUSE_MAX_NANOS);
    }
    assertThat(pause).isEqualTo(Breaker.PAUSE_MAX_NANOS);
  }

  @Test
  void callsFromBeforeDoNotMakeThePauseLonger() {
    breaker.unanswered(0);
    for (int i = 0; i < 100; i++) {
      breaker.unanswered(i);
    }
    assertThat(breaker.passes(Breaker.PAUSE_MIN_NANOS)).isTrue();
  }

  @Test
  void anAnswerClosesIt() {
    breaker.unanswered(0);
    assertThat(breaker.isOpen()).isTrue();
    breaker.answered();
    assertThat(breaker.passes(1)).isTrue();
    assertThat(breaker.passes(1)).isTrue();
    breaker.unanswered(1);
    assertThat(breaker.passes(1 + Breaker.PAUSE_MIN_NANOS)).isTrue();
  }
}
