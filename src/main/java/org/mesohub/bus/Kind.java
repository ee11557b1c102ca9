package org.mesohub.bus;

import java.time.Duration;

/** What a frame asks for, how long its sender waits, and on which lane it is worked off. */
enum Kind {
  /** Is anybody there, and what does your clock say? Answered by the endpoint itself. */
  PING(1, Lane.NONE, Duration.ofMillis(1_000)),
  VOTE(2, Lane.VOTES, Duration.ofMillis(300)),
  START_ELECTION(3, Lane.VOTES, Duration.ofMillis(300)),
  /** An append without entries. */
  HEARTBEAT(4, Lane.HEARTBEATS, Duration.ofMillis(300)),
  APPEND(5, Lane.ENTRIES, Duration.ofMillis(1_000)),
  /** The last chunk makes the receiver load the state, hence the longer wait. */
  SNAPSHOT(6, Lane.ENTRIES, Duration.ofMillis(5_000)),
  REPLY(7, Lane.NONE, Duration.ofMillis(1_000)),
  /** Who a node is, before it may take part in the log. */
  GREETING(8, Lane.GREETINGS, Duration.ofMillis(2_000)),
  /** What is your term? Answered by the endpoint itself. */
  TERM(9, Lane.NONE, Duration.ofMillis(300)),
  /** Has the leader's process ended for you, too? */
  SUSPICION(10, Lane.VOTES, Duration.ofMillis(200));

  /** Threads of the receiver: what keeps a leader in office never queues behind entries. */
  enum Lane {
    NONE,
    VOTES,
    HEARTBEATS,
    ENTRIES,
    GREETINGS
  }

  private final byte code;
  private final Lane lane;
  private final Duration timeout;

  Kind(int code, Lane lane, Duration timeout) {
    this.code = (byte) code;
    this.lane = lane;
    this.timeout = timeout;
  }

  byte code() {
    return code;
  }

  Lane lane() {
    return lane;
  }

  /** From sending to the answer; a frame that is older is of no use to anybody. */
  Duration timeout() {
    return timeout;
  }

  static Kind of(byte code) {
    for (Kind kind : values()) {
      if (kind.code == code) {
        return kind;
      }
    }
    throw new IllegalArgumentException(
        "a frame of kind %d: the peer runs a newer program".formatted(code));
  }
}
