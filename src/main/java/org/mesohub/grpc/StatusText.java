package org.mesohub.grpc;

import io.vertx.grpc.client.GrpcClientResponse;
import io.vertx.grpc.common.GrpcHeaderNames;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;

/** The words that a call ended with, for clients. */
public final class StatusText {
  private StatusText() {}

  /**
   * The other side's words: in the headers when nothing else came, else in the trailers, which the
   * library leaves encoded. Empty when it said nothing. To be asked at the end of a response.
   */
  public static String of(GrpcClientResponse<?, ?> response) {
    String text = response.statusMessage();
    if (text != null) {
      return text;
    }
    String encoded = response.trailers().get(GrpcHeaderNames.GRPC_MESSAGE);
    if (encoded == null) {
      return "";
    }
    try {
      return URLDecoder.decode(encoded.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      return encoded;
    }
  }
}
