package org.mesohub.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

class GrpcTimeoutTest {
  @Test
  void readsEveryUnit() {
    assertThat(GrpcTimeout.nanos("1H")).isEqualTo(3_600_000_000_000L);
    assertThat(GrpcTimeout.nanos("2M")).isEqualTo(120_000_000_000L);
    assertThat(GrpcTimeout.nanos("3S")).isEqualTo(3_000_000_000L);
    assertThat(GrpcTimeout.nanos("4m")).isEqualTo(4_000_000L);
    assertThat(GrpcTimeout.nanos("5u")).isEqualTo(5_000L);
    assertThat(GrpcTimeout.nanos("99999999n")).isEqualTo(99_999_999L);
  }

  @Test
  void whatDoesNotReadIsNoDeadline() {
    for (String header : new String[] {null, "", "5", "m", "5x", "-5m", "123456789m", "1.5S"}) {
      assertThat(GrpcTimeout.nanos(header)).as(header).isEqualTo(Long.MAX_VALUE);
    }
    assertThat(GrpcTimeout.nanos("99999999H")).isEqualTo(Long.MAX_VALUE);
  }

  @Test
  void aHeaderIsNeverShorterThanTheTimeAndOnlyALittleLonger() {
    var random = new Random(5);
    for (int i = 0; i < 10_000; i++) {
      long nanos = (random.nextLong() >>> (20 + random.nextInt(43))) + 1;
      String header = GrpcTimeout.header(nanos);
      assertThat(header.length()).as(header).isLessThanOrEqualTo(9);
      assertThat(GrpcTimeout.nanos(header))
          .as("%d ns as %s", nanos, header)
          .isBetween(nanos, nanos + nanos / 1_000 + 1_000);
    }
  }
}
