package org.mesohub.grpc;

import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.grpc.common.GrpcStatus;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** Ends gRPC calls by their HTTP streams, where no service takes part. */
final class RawStatus {
  static final String STATUS = "grpc-status";
  static final String MESSAGE = "grpc-message";

  private RawStatus() {}

  /** Ends a call with the status of a failure and reads the rest of the request away. */
  static void end(HttpServerRequest request, Throwable failure) {
    Statuses.Failure told = Statuses.of(failure);
    end(request, told.status(), told.description(), Map.of());
  }

  /**
   * Ends a call with a status, in the trailers when the answer has begun, and reads the rest of the
   * request away. Without effect on a call that has ended.
   */
  static void end(
      HttpServerRequest request, GrpcStatus status, String message, Map<String, String> trailers) {
    HttpServerResponse response = request.response();
    if (!response.ended() && !response.closed()) {
      boolean begun = response.headWritten();
      if (!begun) {
        response.putHeader("content-type", "application/grpc+proto");
      }
      var metadata = begun ? response.trailers() : response.headers();
      metadata.set(STATUS, Integer.toString(status.code));
      metadata.set(MESSAGE, encoded(message));
      trailers.forEach(metadata::set);
      response.end();
    }
    drain(request);
  }

  /** Reads away what still comes. */
  static void drain(HttpServerRequest request) {
    if (!request.isEnded()) {
      request.handler(bytes -> {});
      request.endHandler(end -> {});
      request.exceptionHandler(gone -> {});
      request.resume();
    }
  }

  /** Percent-encoding as gRPC wants it: printable ASCII but % stays. */
  static String encoded(String text) {
    var out = new StringBuilder(text.length() + 16);
    for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
      if (b >= 0x20 && b < 0x7f && b != '%') {
        out.append((char) b);
      } else {
        out.append('%').append("%02X".formatted(b & 0xff));
      }
    }
    return out.toString();
  }
}
