package org.mesohub.tls;

import io.vertx.core.http.ClientAuth;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.ClientOptionsBase;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.PemTrustOptions;
import java.nio.file.Path;
import java.util.Set;

/**
 * What a node needs for mutual TLS with the others: files in PEM.
 *
 * @param certificate of this node, signed by the cluster's authority
 * @param key private key of the certificate, PKCS #8
 * @param authority certificate of the cluster's authority: whoever it signed is a node
 */
public record PeerTls(Path certificate, Path key, Path authority) {
  private static final Set<String> PROTOCOLS = Set.of("TLSv1.3", "TLSv1.2");

  /**
   * Makes a client show who this node is, and believe only nodes of this cluster at the host it
   * called.
   */
  public void secure(ClientOptionsBase options) {
    options
        .setSsl(true)
        .setKeyCertOptions(identity())
        .setTrustOptions(trust())
        .setEnabledSecureTransportProtocols(PROTOCOLS);
    if (options instanceof HttpClientOptions http) {
      http.setUseAlpn(true).setVerifyHost(true);
    }
  }

  /** Makes a server refuse everybody but nodes of this cluster. */
  public void secure(NetServerOptions options) {
    options
        .setSsl(true)
        .setKeyCertOptions(identity())
        .setTrustOptions(trust())
        .setClientAuth(ClientAuth.REQUIRED)
        .setEnabledSecureTransportProtocols(PROTOCOLS);
    if (options instanceof HttpServerOptions http) {
      http.setUseAlpn(true);
    }
  }

  /** What this node shows. */
  public PemKeyCertOptions identity() {
    return new PemKeyCertOptions().setCertPath(certificate.toString()).setKeyPath(key.toString());
  }

  /** Whom it believes. */
  public PemTrustOptions trust() {
    return new PemTrustOptions().addCertPath(authority.toString());
  }
}
