package org.mesohub.routing;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a peer's holdings.
 *
 * @param peer id of the cluster
 * @param digest the last one that came; null: none yet
 * @param version the highest version that the peer has named
 * @param confirmedNanos when the peer last named that version, on the clock that the plan uses
 * @param behind clusters that it passes queries on to
 */
public record PeerView(
    String peer, @Nullable Digest digest, long version, long confirmedNanos, List<Behind> behind) {
  /** Nobody is behind it. */
  public PeerView(String peer, @Nullable Digest digest, long version, long confirmedNanos) {
    this(peer, digest, version, confirmedNanos, List.of());
  }

  /**
   * A cluster that the peer passes queries on to.
   *
   * @param hops from the peer on
   */
  public record Behind(int hops, PeerView view) {}

  /** A "no" is believed so long after the peer has confirmed the version it is of. */
  public static final long CONFIRMED_NANOS = 2_000_000_000L;

  /**
   * Whether the digest's "no" counts: it is of the version that the peer named last, and the peer
   * named it lately. So must it be of all clusters behind it.
   */
  public boolean isCurrent(long nowNanos) {
    return digest != null
        && digest.version() >= version
        && nowNanos - confirmedNanos <= CONFIRMED_NANOS
        && behind.stream().allMatch(other -> other.view().isCurrent(nowNanos));
  }

  /** The digests of the peer and of all behind it that have one. */
  public List<Digest> digests() {
    var digests = new ArrayList<Digest>();
    if (digest != null) {
      digests.add(digest);
    }
    behind.forEach(other -> digests.addAll(other.view().digests()));
    return digests;
  }
}
