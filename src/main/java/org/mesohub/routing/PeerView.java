package org.mesohub.routing;

import org.jspecify.annotations.Nullable;

/**
 * What is known of a peer's holdings.
 *
 * @param peer id of the cluster
 * @param digest the last one that came; null: none yet
 * @param version the highest version that the peer has named
 * @param confirmedNanos when the peer last named that version, on the clock that the plan uses
 */
public record PeerView(String peer, @Nullable Digest digest, long version, long confirmedNanos) {
  /** A "no" is believed so long after the peer has confirmed the version it is of. */
  public static final long CONFIRMED_NANOS = 2_000_000_000L;

  /**
   * Whether the digest's "no" counts: it is of the version that the peer named last, and the peer
   * named it lately.
   */
  public boolean isCurrent(long nowNanos) {
    return digest != null
        && digest.version() >= version
        && nowNanos - confirmedNanos <= CONFIRMED_NANOS;
  }
}
