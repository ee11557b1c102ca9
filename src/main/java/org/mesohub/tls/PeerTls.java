package org.mesohub.tls;

import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.PemTrustOptions;
import java.nio.file.Path;

/**
 * What a node needs for mutual TLS with the others: files in PEM.
 *
 * @param certificate of this node, signed by the cluster's authority
 * @param key private key of the certificate, PKCS #8
 * @param authority certificate of the cluster's authority: whoever it signed is a node
 */
public record PeerTls(Path certificate, Path key, Path authority) {
  /** What this node shows. */
  public PemKeyCertOptions identity() {
    return new PemKeyCertOptions().setCertPath(certificate.toString()).setKeyPath(key.toString());
  }

  /** Whom it believes. */
  public PemTrustOptions trust() {
    return new PemTrustOptions().addCertPath(authority.toString());
  }
}
