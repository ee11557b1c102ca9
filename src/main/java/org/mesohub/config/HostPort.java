package org.mesohub.config;

import java.util.Optional;

/**
 * Where to listen or connect.
 *
 * @param host name or literal address, IPv6 without brackets
 * @param port 0 (pick a free one, for listening) to 65535
 */
public record HostPort(String host, int port) {
  private static final int PORT_MAX = 65_535;

  /** Parses {@code host:port} or {@code [v6]:port}; empty when it is neither. */
  public static Optional<HostPort> parse(String text) {
    int colon = text.lastIndexOf(':');
    if (colon < 1 || !text.substring(colon + 1).matches("[0-9]{1,5}")) {
      return Optional.empty();
    }
    String host = text.substring(0, colon);
    boolean bracketed = host.startsWith("[") && host.endsWith("]");
    if (bracketed) {
      host = host.substring(1, host.length() - 1);
    }
    int port = Integer.parseInt(text.substring(colon + 1));
    boolean plausible = host.matches(bracketed ? "[0-9A-Fa-f:.%]+" : "[A-Za-z0-9._-]+");
    return plausible && port <= PORT_MAX ? Optional.of(new HostPort(host, port)) : Optional.empty();
  }

  /**
   * Whether only this machine can connect; a name other than localhost counts as reachable from
   * elsewhere.
   */
  public boolean isLoopback() {
    return host.equals("localhost")
        || host.equals("::1")
        || host.matches("127\\.[0-9]{1,3}\\.[0-9]{1,3}\\.[0-9]{1,3}");
  }

  @Override
  public String toString() {
    return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + port;
  }
}
