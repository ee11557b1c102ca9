package org.mesohub.cli;

import java.util.function.Consumer;
import java.util.function.LongConsumer;

/**
 * Repeats a call that carries a token until it is known to have succeeded or failed, a bounded
 * number of times.
 */
final class Retries {
  private static final long FIRST_WAIT_MILLIS = 250;
  private static final long WAIT_MILLIS_MAX = 8_000;

  private final int retriesMax;
  private final Consumer<String> tell;
  private final LongConsumer sleep;
  private final Runnable moveOn;

  /**
   * @param retriesMax attempts after the first
   * @param moveOn turns to the next node, if there are several, before each further attempt
   * @param tell takes a word to people before each wait
   * @param sleep waits for milliseconds
   */
  Retries(int retriesMax, Runnable moveOn, Consumer<String> tell, LongConsumer sleep) {
    this.retriesMax = retriesMax;
    this.moveOn = moveOn;
    this.tell = tell;
    this.sleep = sleep;
  }

  static void sleep(long millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CliException(ExitCode.INTERRUPTED, "interrupted");
    }
  }

  /**
   * One attempt; must be safe to repeat after any {@link CallException} whose kind is retryable.
   */
  interface Attempt<T> {
    T run();
  }

  /**
   * The result of the first attempt that succeeds. When all fail, and one of them may have taken
   * effect, the failure is indeterminate whatever the last one said, unless the node refused, which
   * it does only knowing the token.
   */
  <T> T run(Attempt<T> attempt) {
    boolean mayHaveHappened = false;
    long wait = FIRST_WAIT_MILLIS;
    for (int retry = 0; ; retry++) {
      try {
        return attempt.run();
      } catch (CallException e) {
        mayHaveHappened |= e.kind() == CallException.Kind.INDETERMINATE;
        if (!e.kind().retryable()) {
          throw e;
        }
        if (retry >= retriesMax) {
          throw mayHaveHappened && e.kind() != CallException.Kind.INDETERMINATE
              ? new CallException(
                  CallException.Kind.INDETERMINATE,
                  e.status(),
                  e.getMessage() + "; an earlier attempt may have been stored")
              : e;
        }
        tell.accept(e.getMessage() + "; trying again in " + wait + " ms");
        if (e.kind() != CallException.Kind.UNREACHABLE) {
          moveOn.run(); // a node that cannot be reached was left already
        }
        sleep.accept(wait);
        wait = Math.min(WAIT_MILLIS_MAX, wait * 2);
      }
    }
  }
}
