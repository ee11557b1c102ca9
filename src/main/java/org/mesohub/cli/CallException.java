package org.mesohub.cli;

import io.vertx.grpc.common.GrpcStatus;

/** A call that failed, by what that means for the caller. */
final class CallException extends RuntimeException {
  private static final long serialVersionUID = 1;

  /** What is known about the effect of the call. */
  enum Kind {
    /** Nothing was sent: no connection. */
    UNREACHABLE(ExitCode.UNAVAILABLE, true),
    /** Nothing happened; the node cannot serve now. */
    UNAVAILABLE(ExitCode.UNAVAILABLE, true),
    /** It may have happened. */
    INDETERMINATE(ExitCode.INDETERMINATE, true),
    /** The node said no. */
    REFUSED(ExitCode.REFUSED, false);

    private final int exitCode;
    private final boolean retryable;

    Kind(int exitCode, boolean retryable) {
      this.exitCode = exitCode;
      this.retryable = retryable;
    }

    /** Of a call that changes something. */
    int exitCode() {
      return exitCode;
    }

    boolean retryable() {
      return retryable;
    }
  }

  private final Kind kind;

  /** Name of the status for statistics, such as UNAVAILABLE. */
  private final String status;

  CallException(Kind kind, String status, String message) {
    super(message);
    this.kind = kind;
    this.status = status;
  }

  /** A failure that the node stated. */
  static CallException of(GrpcStatus status, String text) {
    Kind kind =
        switch (status) {
          case UNAVAILABLE, RESOURCE_EXHAUSTED, ABORTED -> Kind.UNAVAILABLE;
          case DEADLINE_EXCEEDED, UNKNOWN, CANCELLED -> Kind.INDETERMINATE;
          default -> Kind.REFUSED;
        };
    return new CallException(
        kind, status.name(), text.isEmpty() ? "the node answered " + status.name() : text);
  }

  /** The connection broke, or nothing came in time, after something had been sent. */
  static CallException lost(String message) {
    return new CallException(Kind.INDETERMINATE, "LOST", message);
  }

  Kind kind() {
    return kind;
  }

  String status() {
    return status;
  }

  /** Exit code when the call changes nothing, so that repeating it is always safe. */
  int exitCodeOfRead() {
    return kind == Kind.REFUSED ? ExitCode.REFUSED : ExitCode.UNAVAILABLE;
  }
}
