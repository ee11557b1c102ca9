package org.mesohub.grpc;

import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.internal.http.HttpServerRequestInternal;
import io.vertx.core.internal.http.HttpServerRequestWrapper;

/** A request with the name of the cluster whose certificate its connection has shown. */
final class CertifiedRequest extends HttpServerRequestWrapper {
  private final MultiMap headers;

  CertifiedRequest(HttpServerRequest request, String cluster) {
    super((HttpServerRequestInternal) request);
    headers =
        MultiMap.caseInsensitiveMultiMap()
            .addAll(request.headers())
            .set(RelayHeaders.CERTIFIED, cluster);
  }

  @Override
  public MultiMap headers() {
    return headers;
  }

  @Override
  public String getHeader(String name) {
    return headers.get(name);
  }

  @Override
  public String getHeader(CharSequence name) {
    return headers.get(name);
  }
}
