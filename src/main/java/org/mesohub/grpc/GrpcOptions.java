package org.mesohub.grpc;

/**
 * Where the public port is and how it closes.
 *
 * @param host address or name of the interface to listen on
 * @param port port, 0 for any free one
 * @param drainMillis how long running calls may go on when the node stops, in milliseconds
 */
public record GrpcOptions(String host, int port, long drainMillis) {
  /** Time that running calls usually get to finish. */
  public static final long DRAIN_MS = 10_000;

  public GrpcOptions {
    if (port < 0 || port > 65_535) {
      throw new IllegalArgumentException("port " + port + " is not in 0..65535");
    }
  }
}
