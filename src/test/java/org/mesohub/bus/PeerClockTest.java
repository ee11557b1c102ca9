package org.mesohub.bus;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.buffer.Buffer;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.mesohub.bus.PeerClock.Verdict;

/** Times in microseconds; the peer's clock is ours plus an offset and a drift. */
class PeerClockTest {
  private static final long SECOND = 1_000_000;
  private static final int TTL_MILLIS = 300;

  @Test
  void aBootThatHasNotAnsweredIsNotJudged() {
    PeerClock clock = new PeerClock();
    assertThat(clock.judge(frame(1, 0, 1), 0)).isEqualTo(Verdict.NOT_MET);
    clock.answered(1, 0, 0, 10);
    assertThat(clock.judge(frame(1, 0, 1), 20)).isEqualTo(Verdict.FRESH);
    assertThat(clock.judge(frame(2, 0, 1), 20)).isEqualTo(Verdict.NOT_MET);
    clock.answered(2, 0, 0, 10);
    assertThat(clock.judge(frame(1, 0, 1), 20)).as("the dead process").isEqualTo(Verdict.NOT_MET);
  }

  /** The oracle knows when a frame was sent by our own clock. */
  @Test
  void lateFramesAreDroppedAndTimelyOnesAreNotWhateverTheClocksSay() {
    for (int seed = 0; seed < 300; seed++) {
      Random random = new Random(seed);
      long offset = random.nextLong() >> 8;
      double drift = (random.nextDouble() - 0.5) * 200e-6;
      PeerClock clock = new PeerClock();
      long now = random.nextInt(1_000_000);
      long fastest = Long.MAX_VALUE;
      for (int i = 0; i < 400; i++) {
        now += random.nextInt(10) == 0 ? random.nextInt(100) * SECOND : random.nextInt(400_000);
        if (i == 0 || random.nextInt(3) == 0) {
          long there = random.nextInt(20_000);
          long back = random.nextInt(random.nextInt(8) == 0 ? 900_000 : 20_000);
          clock.answered(1, peerTime(now + there, offset, drift), now, now + there + back);
          now += there + back;
          fastest = Math.min(fastest, back);
        }
        // Clocks that drift 100 ppm apart are off by 6 ms a minute at most; the estimate gives in
        // faster. What is well beyond the limits must be judged right.
        String where = "seed %d step %d".formatted(seed, i);
        long fresh = random.nextInt(TTL_MILLIS * 500);
        assertThat(clock.judge(frame(1, peerTime(now - fresh, offset, drift), 0), now))
            .as(where)
            .isEqualTo(Verdict.FRESH);
        long late = TTL_MILLIS * 1_000L + fastest + SECOND + random.nextInt(57) * SECOND;
        assertThat(clock.judge(frame(1, peerTime(now - late, offset, drift), 0), now))
            .as(where)
            .isEqualTo(Verdict.LATE);
      }
    }
  }

  @Test
  void aPeerWhoseMachineWasSuspendedIsBelievedAgainAfterARoundTrip() {
    PeerClock clock = new PeerClock();
    clock.answered(1, 1_000, 1_000, 1_100);
    long hour = 3_600 * SECOND;
    long sent = 5_000; // its clock stood still
    assertThat(clock.judge(frame(1, sent, 0), hour)).isEqualTo(Verdict.LATE);
    clock.answered(1, sent, hour, hour + 200);
    assertThat(clock.judge(frame(1, sent + 300, 0), hour + 600)).isEqualTo(Verdict.FRESH);
  }

  @Test
  void whatAPeerSentInALowerTermThanBeforeIsLate() {
    PeerClock clock = new PeerClock();
    clock.answered(1, 0, 0, 10);
    assertThat(clock.judge(frame(1, 0, 4), 20)).isEqualTo(Verdict.FRESH);
    assertThat(clock.judge(frame(1, 0, 3), 20)).isEqualTo(Verdict.LATE);
    assertThat(clock.judge(frame(1, 0, 0), 20)).as("tells no term").isEqualTo(Verdict.FRESH);
  }

  private static long peerTime(long ours, long offset, double drift) {
    return offset + ours + (long) (ours * drift);
  }

  private static Frame frame(long boot, long sentMicros, long term) {
    return new Frame(Kind.VOTE, "n2", boot, 1, sentMicros, TTL_MILLIS, term, 0, 1, Buffer.buffer());
  }
}
