package org.mesohub.node;

import java.util.concurrent.CompletionException;
import org.mesohub.api.ApiException;
import org.mesohub.api.ApiException.Reason;
import org.mesohub.cluster.LogException;
import org.mesohub.query.HistoryExpiredException;
import org.mesohub.query.InvalidQueryException;
import org.mesohub.segment.CorruptChunkException;
import org.mesohub.store.StoreException;

/** Failures of the parts of a node, as its clients are told of them. Total. */
final class Failures {
  private Failures() {}

  static ApiException toApi(Throwable failure) {
    if (failure instanceof ApiException api) {
      return api;
    }
    if (failure instanceof CompletionException && failure.getCause() != null) {
      return toApi(failure.getCause());
    }
    String message = String.valueOf(failure.getMessage());
    if (failure instanceof InvalidQueryException) {
      return new ApiException(Reason.INVALID, message, failure);
    }
    if (failure instanceof HistoryExpiredException) {
      return new ApiException(Reason.HISTORY_EXPIRED, message, failure);
    }
    if (failure instanceof StoreException store) {
      return switch (store.reason()) {
        case FULL -> new ApiException(Reason.OVERLOADED, message, failure);
        case UNAVAILABLE, FOREIGN -> new ApiException(Reason.UNAVAILABLE, message, failure);
        case NOT_FOUND, CORRUPT -> new ApiException(Reason.CORRUPT, message, failure);
      };
    }
    if (failure instanceof LogException log) {
      return switch (log.reason()) {
        case NOT_LEADER, CLOSED -> new ApiException(Reason.UNAVAILABLE, message, failure);
        case OVERLOADED -> new ApiException(Reason.OVERLOADED, message, failure);
        case TOO_LARGE -> new ApiException(Reason.INVALID, message, failure);
        case INDETERMINATE -> new ApiException(Reason.INDETERMINATE, message, failure);
      };
    }
    if (failure instanceof CorruptChunkException) {
      return new ApiException(Reason.CORRUPT, message, failure);
    }
    return new ApiException(Reason.INTERNAL, message, failure);
  }
}
