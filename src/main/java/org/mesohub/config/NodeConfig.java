package org.mesohub.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.mesohub.api.Right;

/**
 * Everything a node can be told, valid as a whole. {@code conf/node.yaml} describes each key.
 *
 * @param nodeId name of the node within its cluster
 * @param nodeNumber number of the node, for the numeric ids of the 2018 contract
 * @param clusterId name of the cluster; null: made once by the node and kept in the data folder
 * @param data folder that holds everything the node stores
 * @param listen public address
 * @param mongoUri MongoDB to store chunks in; null: the embedded engine, in the data folder
 * @param tokens who may do what; empty: everybody everything, which is allowed on loopback only
 * @param history how long superseded values stay readable
 * @param owner network → id of the cluster that is authoritative for it
 */
public record NodeConfig(
    String nodeId,
    int nodeNumber,
    @Nullable String clusterId,
    Path data,
    HostPort listen,
    @Nullable String mongoUri,
    List<Token> tokens,
    History history,
    Networks networks,
    Map<String, String> owner,
    Limits limits,
    Compaction compaction,
    Metrics metrics) {

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

  /** Whether {@code /metrics} is served. */
  public record Metrics(boolean enabled) {}
}
