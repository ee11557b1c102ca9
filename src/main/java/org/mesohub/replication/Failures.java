package org.mesohub.replication;

import io.vertx.grpc.common.GrpcStatus;
import io.vertx.grpc.server.StatusException;
import org.jspecify.annotations.Nullable;
import org.mesohub.store.StoreException;
import org.mesohub.store.StoreException.Reason;

/** Failures of stores as they travel between nodes. */
final class Failures {
  private Failures() {}

  static StoreException unavailable(String message) {
    return new StoreException(Reason.UNAVAILABLE, message, null);
  }

  /** A failure as one of a store; what is none means that the store does not work. */
  static StoreException of(Throwable cause) {
    return cause instanceof StoreException known
        ? known
        : new StoreException(Reason.UNAVAILABLE, String.valueOf(cause.getMessage()), cause);
  }

  /** What the peer is told. */
  static StatusException status(Throwable cause) {
    if (cause instanceof StatusException told) {
      return told;
    }
    if (cause instanceof IllegalArgumentException) {
      return new StatusException(GrpcStatus.INVALID_ARGUMENT, String.valueOf(cause.getMessage()));
    }
    StoreException failure = of(cause);
    GrpcStatus status =
        switch (failure.reason()) {
          case NOT_FOUND -> GrpcStatus.NOT_FOUND;
          case CORRUPT -> GrpcStatus.DATA_LOSS;
          case UNAVAILABLE -> GrpcStatus.UNAVAILABLE;
          case FULL -> GrpcStatus.RESOURCE_EXHAUSTED;
          case FOREIGN -> GrpcStatus.FAILED_PRECONDITION;
        };
    return new StatusException(status, String.valueOf(failure.getMessage()));
  }

  /** What a peer told. */
  static StoreException told(String member, GrpcStatus status, @Nullable String text) {
    Reason reason =
        switch (status) {
          case NOT_FOUND -> Reason.NOT_FOUND;
          case DATA_LOSS -> Reason.CORRUPT;
          case RESOURCE_EXHAUSTED -> Reason.FULL;
          case FAILED_PRECONDITION -> Reason.FOREIGN;
          default -> Reason.UNAVAILABLE;
        };
    String words = text == null || text.isEmpty() ? status.name() : text;
    return new StoreException(reason, "member " + member + ": " + words, null);
  }
}
