package org.mesohub.chaos;

import java.util.Arrays;
import java.util.List;

/**
 * One operation of a client as the recorder saw it. Times are {@link System#nanoTime} of the one
 * process that recorded the history.
 */
sealed interface Op {
  /** What is known about the effect of an operation. */
  enum Outcome {
    /** Acknowledged. */
    OK,
    /** It had no effect, for certain. */
    FAIL,
    /** It may have had its effect, or may still have it. */
    INDETERMINATE
  }

  /** In a read: the key has no value. */
  long ABSENT = 0;

  String client();

  long beginNanos();

  long endNanos();

  Outcome outcome();

  /**
   * A put of one value under several keys. Operations with one token are attempts at one put.
   *
   * @param lastBeginNanos begin of the last attempt, the one that was answered
   * @param commit commit that the answer named; 0 without one
   * @param value not 0, and of this put alone
   * @param note what went wrong on the way, for people
   */
  record Put(
      String client,
      String token,
      long beginNanos,
      long lastBeginNanos,
      long endNanos,
      Outcome outcome,
      long commit,
      long value,
      List<String> keys,
      String note)
      implements Op {}

  /**
   * A linearizable read of some keys.
   *
   * @param commit commit that the answer shows
   * @param keys those asked for
   * @param values by position the keys; {@link #ABSENT} where there is none
   */
  @SuppressWarnings("ArrayRecordComponent")
  record Read(
      String client,
      long beginNanos,
      long endNanos,
      Outcome outcome,
      long commit,
      List<String> keys,
      long[] values,
      String note)
      implements Op {
    @Override
    public String toString() {
      return "read by %s at %d..%d of commit %d (%s): %s has %s"
          .formatted(client, beginNanos, endNanos, commit, note, keys, Arrays.toString(values));
    }
  }
}
