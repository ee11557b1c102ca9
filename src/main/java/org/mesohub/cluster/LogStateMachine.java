package org.mesohub.cluster;

/**
 * What the log is applied to. All methods are called from one thread at a time and must not block
 * on I/O; {@link #apply} must be deterministic in its arguments and the state.
 */
public interface LogStateMachine {
  /**
   * Applies a committed entry.
   *
   * @param index ascending position of the entry; entries at or below the restored snapshot's index
   *     are never applied again
   * @param timeMicros the leader's clock when it proposed the entry, microseconds since 1970; never
   *     before that of an earlier entry
   * @return the answer for whoever submitted the entry
   */
  byte[] apply(long index, long timeMicros, byte[] entry);

  /** The whole state at this moment, a few MB at most. */
  byte[] snapshot();

  /**
   * Replaces the state by a snapshot's; fails with IllegalStateException and a clear text for an
   * unknown format version.
   */
  void restore(byte[] snapshot);
}
