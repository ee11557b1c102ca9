package org.mesohub.grpc;

import org.mesohub.api.ApiException;

/** Makes the failure of a request that cannot be carried out as written. */
final class Invalid {
  private Invalid() {}

  /** The message names the field and says what would be right. */
  static ApiException invalid(String message) {
    return new ApiException(ApiException.Reason.INVALID, message);
  }
}
