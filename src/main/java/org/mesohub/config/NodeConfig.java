package org.mesohub.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.mesohub.api.Right;
import org.mesohub.placement.Members;
import org.mesohub.tls.ClusterTrust;
import org.mesohub.tls.PeerTls;
import org.mesohub.tls.PublicTls;

/**
 * Everything a node can be told, valid as a whole. {@code conf/node.yaml} describes each key.
 *
 * @param nodeId name of the node within its cluster
 * @param nodeNumber number of the node, for the numeric ids of the 2018 contract
 * @param cluster the nodes that form one store with this one
 * @param data folder that holds everything the node stores
 * @param listen public address
 * @param secure TLS of the public address; null: plain text
 * @param plain address at which the contract of 2018 is served in plain text beside it; null: none
 * @param mongoUri MongoDB to store chunks in; null: the embedded engine, in the data folder
 * @param tokens who may do what; empty: everybody everything, which is allowed on loopback only
 * @param history how long superseded values stay readable
 * @param capacityBytes what the node may take of its disk; {@link Long#MAX_VALUE}: all of it
 * @param retention how long rows stay after their day has ended; null: for ever
 * @param federation other clusters that are asked for what is not here
 * @param owner network → id of the cluster that is authoritative for it
 */
public record NodeConfig(
    String nodeId,
    int nodeNumber,
    Cluster cluster,
    Path data,
    HostPort listen,
    @Nullable PublicTls secure,
    @Nullable HostPort plain,
    @Nullable String mongoUri,
    List<Token> tokens,
    History history,
    long capacityBytes,
    @Nullable Duration retention,
    Networks networks,
    Map<String, String> owner,
    Limits limits,
    Compaction compaction,
    Metrics metrics,
    Federation federation) {

  /** Pairs of {@link #owner}: network, tab, cluster. */
  public Set<String> owned() {
    return owner.entrySet().stream()
        .map(pair -> pair.getKey() + "\t" + pair.getValue())
        .collect(Collectors.toSet());
  }

  /**
   * The nodes that form one store.
   *
   * @param id name of the cluster; null: made once by the node and kept in the data folder
   * @param members every node of the cluster, this one included; null: the node is alone
   * @param replication nodes that are to hold each chunk
   * @param deadAfter silence of a node after which its chunks are copied elsewhere
   * @param tls what the nodes prove themselves with; null: they do not, which is accepted on
   *     loopback only
   */
  public record Cluster(
      @Nullable String id,
      @Nullable Members members,
      int replication,
      Duration deadAfter,
      @Nullable PeerTls tls) {
    public static final int REPLICATION = 3;
    public static final Duration DEAD_AFTER = Duration.ofMinutes(5);

    /** A node alone. */
    public static Cluster alone(@Nullable String id) {
      return new Cluster(id, null, REPLICATION, DEAD_AFTER, null);
    }
  }

  /**
   * A principal and the secret that proves it.
   *
   * @param secret what the client sends as bearer token
   */
  public record Token(String principal, String secret, Set<Right> rights) {
    /** Without the secret. */
    @Override
    public String toString() {
      return "Token[principal=" + principal + ", rights=" + rights + "]";
    }
  }

  /**
   * What is known about networks beforehand.
   *
   * @param defaultNetwork network of rows that name none; null: the default of their format
   * @param aliases other name → network id
   * @param licences network id → licence of its rows
   */
  public record Networks(
      @Nullable String defaultNetwork, Map<String, String> aliases, Map<String, String> licences) {}

  /**
   * Bounds on what clients can make the node do.
   *
   * @param putBytesMax longest put, unpacked bytes
   * @param putsMax puts in progress at once
   * @param queriesMax queries in progress at once
   * @param putMemoryBytes heap one put may fill with rows before it spills to disk
   * @param cacheMemoryBytes heap for chunks and answers kept for the next query
   */
  public record Limits(
      long putBytesMax, int putsMax, int queriesMax, long putMemoryBytes, long cacheMemoryBytes) {}

  /**
   * When runs are merged in the background.
   *
   * @param idle how long a day must be unchanged first
   */
  public record Compaction(boolean enabled, Duration idle) {}

  /**
   * Other clusters, and how they are asked.
   *
   * @param patience longest wait for others, all waits of one read together
   * @param hops how many clusters a query may be passed on to, one after the other
   * @param transit whether queries of other clusters are passed on
   * @param closed networks that not every cluster is told → those that are; none: nobody
   */
  public record Federation(
      List<Peer> peers,
      Duration patience,
      int hops,
      boolean transit,
      Map<String, Set<String>> closed) {
    public static final Duration PATIENCE = Duration.ofSeconds(10);
    public static final int HOPS = 4;

    /** Everything is told to everybody. */
    public Federation(List<Peer> peers, Duration patience, int hops, boolean transit) {
      this(peers, patience, hops, transit, Map.of());
    }

    /** No others. */
    public static final Federation NONE = new Federation(List.of(), PATIENCE, HOPS, false);
  }

  /**
   * Another cluster.
   *
   * @param endpoints public ports of its nodes, at least one unless it dials in
   * @param dial who makes connections
   * @param token what this cluster proves itself with there; null: nothing
   * @param tls how its certificates are known; null: plain text
   */
  public record Peer(
      String cluster,
      List<HostPort> endpoints,
      Dial dial,
      @Nullable String token,
      @Nullable ClusterTrust tls) {
    /** How two clusters meet. */
    public enum Dial {
      /** Each calls the other. */
      BOTH,
      /** The other, which nobody can call, holds connections open. */
      IN,
      /** This one, which nobody can call, holds connections open. */
      OUT,
      /** The other speaks the contract of 2018 only, and is called. */
      CONTRACT
    }

    /** One that can be called, and calls. */
    public Peer(String cluster, List<HostPort> endpoints, @Nullable String token) {
      this(cluster, endpoints, Dial.BOTH, token, null);
    }

    /** Without the token. */
    @Override
    public String toString() {
      return "Peer[cluster=" + cluster + ", endpoints=" + endpoints + "]";
    }
  }

  /** Whether {@code /metrics} is served. */
  public record Metrics(boolean enabled) {}
}
