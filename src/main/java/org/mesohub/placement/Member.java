package org.mesohub.placement;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

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

  /** A host, a colon and a port. */
  private static final int ADDRESS_CHARS_MAX = 253 + 6;

  /** What configurations allow, too; files of the nodes have ids between blanks. */
  private static final Pattern ID = Pattern.compile("[\\p{L}\\p{N}._/+-]{1,64}");

  /** A name, or an address of IPv4 or IPv6. */
  private static final Pattern HOST = Pattern.compile("[\\p{L}\\p{N}._:%-]{1,253}");

  private static final Pattern LOOPBACK = Pattern.compile("localhost|::1|127(\\.\\d{1,3}){3}");

  public Member {
    if (!ID.matcher(id).matches() || !HOST.matcher(host).matches()) {
      throw new IllegalArgumentException(
          "a member has an id and a host without blanks, got '" + id + "', '" + host + "'");
    }
    if (number < 0 || publicAddress.length() > ADDRESS_CHARS_MAX) {
      throw new IllegalArgumentException(
          "member %s: the number must not be negative, and the address have at most %d characters"
              .formatted(id, ADDRESS_CHARS_MAX));
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
    return LOOPBACK.matcher(host).matches();
  }

  private static boolean isPort(int port) {
    return port > 0 && port < 1 << 16;
  }
}
