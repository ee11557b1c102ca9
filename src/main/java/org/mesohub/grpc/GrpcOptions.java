package org.mesohub.grpc;

import org.jspecify.annotations.Nullable;
import org.mesohub.tls.ClusterTrusts;
import org.mesohub.tls.PublicTls;

/**
 * Where a port is and how it closes.
 *
 * @param host address or name of the interface to listen on
 * @param port port, 0 for any free one
 * @param drainMillis how long running calls may go on when the node stops, in milliseconds
 * @param tls null: plain text
 * @param contractOnly whether only the contract of 2018 is served
 */
public record GrpcOptions(
    String host, int port, long drainMillis, @Nullable Tls tls, boolean contractOnly) {
  /** Time that running calls usually get to finish. */
  public static final long DRAIN_MS = 10_000;

  /**
   * TLS of a public port.
   *
   * @param callers clusters that it knows by their certificates
   */
  public record Tls(PublicTls identity, ClusterTrusts callers) {}

  public GrpcOptions {
    if (port < 0 || port > 65_535) {
      throw new IllegalArgumentException("port " + port + " is not in 0..65535");
    }
  }

  /** Plain text, everything. */
  public GrpcOptions(String host, int port, long drainMillis) {
    this(host, port, drainMillis, null, false);
  }
}
