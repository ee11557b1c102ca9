package org.mesohub.cluster;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/**
 * Carries the messages of the log between nodes. May lose, delay, repeat and reorder them: Raft is
 * safe against all of that, and the fewer of them the sooner it makes progress.
 *
 * <p>Threading: {@link #send} may be called from any thread and does not block; its future
 * completes on any thread, and always: with the answer, or with an {@link java.io.IOException}
 * after the timeout at the latest.
 */
public interface RaftTransport extends AutoCloseable {
  /** What is asked. */
  enum Kind {
    VOTE,
    /** An append without entries. */
    HEARTBEAT,
    APPEND,
    SNAPSHOT,
    /** Asks a follower to stand for election, for a leader that goes. */
    ELECTION
  }

  /** Answers what others send; may block for as long as a disk takes, called from a few threads. */
  interface Receiver {
    CompletableFuture<byte[]> receive(String sender, Kind kind, byte[] request);
  }

  /** From now on messages for this node go to a receiver. */
  void open(Receiver receiver);

  /**
   * Asks a node.
   *
   * @param term the sender's term, for whoever watches the messages
   * @param timeout how long an answer is waited for, and how late the question may arrive
   */
  CompletableFuture<byte[]> send(
      String node, Kind kind, long term, byte[] request, Duration timeout);

  /** Takes no messages any more. Idempotent. */
  @Override
  void close();
}
