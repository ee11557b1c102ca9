package org.mesohub.grpc;

import io.vertx.grpc.common.GrpcStatus;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ThreadLocalRandom;
import org.mesohub.api.ApiException;
import org.mesohub.api.ApiException.Reason;
import org.mesohub.query.InvalidQueryException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one place where failures become statuses of gRPC and HTTP. Total: every throwable has a
 * status.
 */
public final class Statuses {
  /**
   * Longest description sent, in characters: it travels in a header, and clients limit those to 8
   * KiB.
   */
  static final int DESCRIPTION_LENGTH_MAX = 1_000;

  private static final Logger LOG = LoggerFactory.getLogger(Statuses.class);

  private Statuses() {}

  /**
   * A failure as clients see it.
   *
   * @param status gRPC status, never OK
   * @param httpCode HTTP status code for the same
   * @param description what to do next, for people
   */
  public record Failure(GrpcStatus status, int httpCode, String description) {}

  public static GrpcStatus grpc(Reason reason) {
    return switch (reason) {
      case INVALID -> GrpcStatus.INVALID_ARGUMENT;
      case NOT_FOUND -> GrpcStatus.NOT_FOUND;
      case UNAUTHENTICATED -> GrpcStatus.UNAUTHENTICATED;
      case FORBIDDEN -> GrpcStatus.PERMISSION_DENIED;
      case TOKEN_CONFLICT -> GrpcStatus.ALREADY_EXISTS;
      case TOKEN_EXPIRED -> GrpcStatus.FAILED_PRECONDITION;
      case HISTORY_EXPIRED -> GrpcStatus.OUT_OF_RANGE;
      case OVERLOADED -> GrpcStatus.RESOURCE_EXHAUSTED;
      case UNAVAILABLE -> GrpcStatus.UNAVAILABLE;
      case INDETERMINATE -> GrpcStatus.UNKNOWN;
      case CORRUPT -> GrpcStatus.DATA_LOSS;
      case INTERNAL -> GrpcStatus.INTERNAL;
    };
  }

  public static int http(Reason reason) {
    return switch (reason) {
      case INVALID -> 400;
      case UNAUTHENTICATED -> 401;
      case FORBIDDEN -> 403;
      case NOT_FOUND -> 404;
      case TOKEN_CONFLICT -> 409;
      case HISTORY_EXPIRED -> 410;
      case TOKEN_EXPIRED -> 412;
      case OVERLOADED -> 429;
      case UNAVAILABLE -> 503;
      case INDETERMINATE -> 504;
      case CORRUPT, INTERNAL -> 500;
    };
  }

  /**
   * What to tell the client. A throwable that is no expected failure is logged here, once, under
   * the reference that is told.
   */
  public static Failure of(Throwable failure) {
    Throwable cause =
        failure instanceof CompletionException && failure.getCause() != null
            ? failure.getCause()
            : failure;
    if (cause instanceof ApiException api && api.reason() != Reason.INTERNAL) {
      return of(api.reason(), api.getMessage());
    }
    if (cause instanceof InvalidQueryException query) {
      return of(Reason.INVALID, query.getMessage());
    }
    String reference = "%08x".formatted(ThreadLocalRandom.current().nextInt());
    LOG.error("request failed reference={}", reference, cause);
    return of(
        Reason.INTERNAL,
        "internal error, reference " + reference + ": the node's log has the cause under it");
  }

  /** The failure of an expected reason. */
  static Failure of(Reason reason, @org.jspecify.annotations.Nullable String message) {
    return new Failure(grpc(reason), http(reason), cut(message == null ? reason.name() : message));
  }

  private static String cut(String text) {
    return text.length() <= DESCRIPTION_LENGTH_MAX
        ? text
        : text.substring(0, DESCRIPTION_LENGTH_MAX) + "…";
  }
}
