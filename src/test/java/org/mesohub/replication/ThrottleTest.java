package org.mesohub.replication;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.mesohub.store.StoreException;

class ThrottleTest {
  @Test
  void bytesTakeTheirShareOfASecond() {
    assertThat(Throttle.nanos(5_000_000, 10_000_000)).isEqualTo(500_000_000);
    assertThat(Throttle.nanos(0, 1)).isZero();
    // Terabytes do not overflow.
    assertThat(Throttle.nanos(1L << 42, 1L << 32)).isEqualTo(1_024_000_000_000L);
    assertThatThrownBy(() -> new Throttle(0)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void anInterruptEndsTheWait() {
    Thread.currentThread().interrupt();
    assertThatThrownBy(() -> new Throttle(1).done(1_000_000)).isInstanceOf(StoreException.class);
    assertThat(Thread.interrupted()).isTrue();
  }
}
