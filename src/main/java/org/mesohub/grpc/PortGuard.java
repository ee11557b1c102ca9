package org.mesohub.grpc;

/** Watches over what clients take of the public port; one for all instances of it. Thread-safe. */
public final class PortGuard {
  private final PortLimits limits;
  private final UnfinishedBytes unfinished;
  private final Connections connections;

  public PortGuard(PortLimits limits) {
    this.limits = limits;
    this.unfinished = new UnfinishedBytes(limits.unfinishedBytesMax());
    this.connections = new Connections(limits);
  }

  PortLimits limits() {
    return limits;
  }

  UnfinishedBytes unfinished() {
    return unfinished;
  }

  Connections connections() {
    return connections;
  }
}
