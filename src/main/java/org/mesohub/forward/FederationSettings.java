package org.mesohub.forward;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How this cluster meets others.
 *
 * @param cluster name of this one
 * @param peers the others
 * @param patience longest wait for other clusters, all waits of one read together
 * @param hops how many clusters a query may be passed on to, one after the other
 * @param transit whether queries of other clusters are passed on
 * @param owned (network, cluster) pairs written {@code network + "\t" + cluster}
 */
public record FederationSettings(
    String cluster,
    List<Peer> peers,
    Duration patience,
    int hops,
    boolean transit,
    Set<String> owned) {
  /**
   * Another cluster.
   *
   * @param endpoints where its nodes are, at least one
   * @param token what this cluster proves itself with; null: nothing
   */
  public record Peer(String cluster, List<Endpoint> endpoints, @Nullable String token) {
    /** Without the token. */
    @Override
    public String toString() {
      return "Peer[cluster=" + cluster + ", endpoints=" + endpoints + "]";
    }
  }

  /** Address of a public port. */
  public record Endpoint(String host, int port) {
    @Override
    public String toString() {
      return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + port;
    }
  }
}
