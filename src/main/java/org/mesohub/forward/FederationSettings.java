package org.mesohub.forward;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.mesohub.routing.Sharing;
import org.mesohub.tls.ClusterTrust;
import org.mesohub.tls.PublicTls;

/**
 * How this cluster meets others.
 *
 * @param cluster name of this one
 * @param node this node
 * @param own its public port, as it reaches it itself
 * @param identity what it shows to others that ask for a certificate; null: nothing
 * @param peers the others
 * @param patience longest wait for other clusters, all waits of one read together
 * @param hops how many clusters a query may be passed on to, one after the other
 * @param transit whether queries of other clusters are passed on
 * @param closed networks that not every cluster is told, each with those that are; none: nobody
 * @param owned (network, cluster) pairs written {@code network + "\t" + cluster}
 */
public record FederationSettings(
    String cluster,
    String node,
    Endpoint own,
    @Nullable PublicTls identity,
    List<Peer> peers,
    Duration patience,
    int hops,
    boolean transit,
    Map<String, Set<String>> closed,
    Set<String> owned) {
  /** Which networks others are told. */
  Sharing sharing() {
    return new Sharing(closed);
  }

  /**
   * Another cluster.
   *
   * @param endpoints where its nodes are, at least one unless it dials in
   * @param dial who makes connections
   * @param token what this cluster proves itself with; null: nothing
   * @param tls how its certificates are known; null: plain text
   */
  public record Peer(
      String cluster,
      List<Endpoint> endpoints,
      Dial dial,
      @Nullable String token,
      @Nullable ClusterTrust tls) {
    /** The same at another endpoint. */
    Peer at(Endpoint endpoint) {
      return new Peer(cluster, List.of(endpoint), dial, token, tls);
    }

    /** Without the token. */
    @Override
    public String toString() {
      return "Peer[cluster=" + cluster + ", endpoints=" + endpoints + "]";
    }
  }

  /** How two clusters meet. */
  public enum Dial {
    /** Each calls the other. */
    BOTH(""),
    /** The other, which nobody can call, holds connections open for this one. */
    IN("in"),
    /** This one, which nobody can call, holds connections open for the other. */
    OUT("out"),
    /** The other speaks the contract of 2018 only, and is called. */
    CONTRACT("contract");

    private final String word;

    Dial(String word) {
      this.word = word;
    }

    String word() {
      return word;
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
