package org.mesohub.tls;

import io.vertx.core.http.ClientAuth;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.TrustOptions;
import java.nio.file.Path;
import java.util.Set;

/**
 * What a node proves itself with on its public port, and as a client of other clusters: files in
 * PEM.
 *
 * @param certificate of the name that clients call, with the ones that signed it, if any
 * @param key its private key, PKCS #8
 */
public record PublicTls(Path certificate, Path key) {
  static final Set<String> PROTOCOLS = Set.of("TLSv1.3", "TLSv1.2");

  /**
   * Makes a server speak TLS only.
   *
   * @param callers clusters that it knows by their certificates; others need show none
   */
  public void secure(HttpServerOptions options, ClusterTrusts callers) {
    options
        .setSsl(true)
        .setUseAlpn(true)
        .setKeyCertOptions(identity())
        .setEnabledSecureTransportProtocols(PROTOCOLS);
    if (!callers.isEmpty()) {
      options.setClientAuth(ClientAuth.REQUEST).setTrustOptions(TrustOptions.wrap(callers));
    }
  }

  /** Makes a client show who it is. */
  void present(HttpClientOptions options) {
    options.setKeyCertOptions(identity());
  }

  private PemKeyCertOptions identity() {
    return new PemKeyCertOptions().setCertPath(certificate.toString()).setKeyPath(key.toString());
  }
}
