package org.mesohub.node;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PeerClocksTest {
  private static final long HOUR = 3_600_000_000L;

  @Test
  void theDistanceIsTakenInTheMiddleOfTheWay() {
    var clocks = new PeerClocks();
    assertThat(clocks.seconds("n2")).isNaN();
    clocks.answered("n2", 1_000_000, 3_000_000, 2_000_000 + HOUR);
    assertThat(clocks.seconds("n2")).isEqualTo(3_600.0);
    clocks.answered("n2", 1_000_000, 1_000_000, 500_000);
    assertThat(clocks.seconds("n2")).isEqualTo(-0.5);
  }
}
