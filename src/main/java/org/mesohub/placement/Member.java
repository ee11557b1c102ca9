package org.mesohub.placement;

import java.util.ArrayList;
import java.util.List;

/**
 * A node of the cluster, as the configuration of every node names it.
 *
 * @param id name within the cluster, never used again for another node
 * @param number for the interfaces that know nodes by number
 * @param host address at which the other nodes reach it
 * @param discoveryPort where nodes find each other (Hazelcast)
 * @param busPort messages of the replicated log
 * @param internalPort chunks and relayed calls, gRPC
 * @param publicAddress host:port for clients
 * @param contact whether clients and other clusters can reach it; one that is none leads only while
 *     no other can
 */
public record Member(
    String id,
    int number,
    String host,
    int discoveryPort,
    int busPort,
    int internalPort,
    String publicAddress,
    boolean contact) {

  public Member {
    if (id.isBlank() || host.isBlank()) {
      throw new IllegalArgumentException(
          "a member has an id and a host, got '" + id + "', '" + host + "'");
    }
    if (!isPort(discoveryPort) || !isPort(busPort) || !isPort(internalPort)) {
      throw new IllegalArgumentException(
          "ports of member %s must be 1 to 65535, got discovery %d, bus %d, internal %d"
              .formatted(id, discoveryPort, busPort, internalPort));
    }
  }

  /** What no other member may have as well. */
  List<String> names() {
    List<String> names = new ArrayList<>();
    names.add("id " + id);
    names.add("number " + number);
    names.add("address " + host + ":" + discoveryPort);
    names.add("address " + host + ":" + busPort);
    names.add("address " + host + ":" + internalPort);
    if (!publicAddress.isEmpty()) {
      names.add("address " + publicAddress);
    }
    return names;
  }

  /** Whether its host is this machine itself, whoever looks. */
  public boolean isLoopback() {
    return host.equals("localhost") || host.startsWith("127.") || host.equals("::1");
  }

  private static boolean isPort(int port) {
    return port > 0 && port < 1 << 16;
  }
}
