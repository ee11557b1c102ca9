package org.mesohub.grpc;

/**
 * What clients together may take of the public port before it lets go of them.
 *
 * @param connectionsMax connections open at once
 * @param firstRequestMillis how long a connection may take until its first request has its headers
 * @param nextRequestMillis how long an HTTP/1 connection may take from one answer to the headers of
 *     the next request
 * @param idleMillis how long a connection may be without any traffic
 * @param unfinishedBytesMax bytes held of messages that have begun and are not whole
 * @param stalledMillis how long a client may leave an answer unread before it is cut
 */
public record PortLimits(
    int connectionsMax,
    long firstRequestMillis,
    long nextRequestMillis,
    long idleMillis,
    long unfinishedBytesMax,
    long stalledMillis) {
  /** Ten thousand stations with a connection each, and room. */
  private static final int CONNECTIONS_MAX = 16_384;

  /** Headers are one packet; this is for slow links. */
  private static final long FIRST_REQUEST_MS = 15_000;

  /** Longer than monitoring pauses between two looks. */
  private static final long NEXT_REQUEST_MS = 75_000;

  /** Clients of 2018 set no deadlines and hold their connections open. */
  private static final long IDLE_MS = 3_600_000;

  /** A person who reads an answer page by page may stop for a while. */
  private static final long STALLED_MS = 600_000;

  /** Share of the heap for unfinished messages. */
  private static final int UNFINISHED_PART = 8;

  /** Limits for a heap. */
  public static PortLimits of(long heapBytesMax) {
    return new PortLimits(
        CONNECTIONS_MAX,
        FIRST_REQUEST_MS,
        NEXT_REQUEST_MS,
        IDLE_MS,
        Math.max(4L * Inbound.MESSAGE_BYTES_MAX, heapBytesMax / UNFINISHED_PART),
        STALLED_MS);
  }
}
