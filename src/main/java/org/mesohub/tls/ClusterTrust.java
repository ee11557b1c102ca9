package org.mesohub.tls;

import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.net.TrustOptions;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/**
 * How another cluster is known by its certificates: those that its authority signed, or the one
 * with a fingerprint. Without either, those of the public authorities that this machine trusts, and
 * then it is not known when it calls.
 *
 * @param cluster its name
 * @param authority file in PEM with the certificate of its authority, which signs for no other
 *     cluster; null: none of its own
 * @param fingerprint SHA-256 of its certificate, lower-case hexadecimal; null: any of the
 *     authority's
 */
public record ClusterTrust(String cluster, @Nullable Path authority, @Nullable String fingerprint) {
  private static final int FINGERPRINT_CHARS = 64;

  /** Reads a fingerprint as tools print it; empty when it is none. */
  public static Optional<String> fingerprint(String text) {
    String hex = text.toLowerCase(Locale.ROOT).replaceFirst("^sha-?256[:=]", "").replace(":", "");
    return hex.length() == FINGERPRINT_CHARS && hex.matches("[0-9a-f]+")
        ? Optional.of(hex)
        : Optional.empty();
  }

  /** The fingerprint of a certificate. */
  static String fingerprint(X509Certificate certificate) throws CertificateException {
    try {
      return HexFormat.of()
          .formatHex(MessageDigest.getInstance("SHA-256").digest(certificate.getEncoded()));
    } catch (GeneralSecurityException e) {
      throw new CertificateException(e);
    }
  }

  /**
   * Makes a client believe this cluster only.
   *
   * @param own what the client shows; null: nothing
   * @param verifyHost whether its certificate must name the host that is called; not asked of a
   *     pinned one
   */
  public void secure(HttpClientOptions options, @Nullable PublicTls own, boolean verifyHost) {
    options
        .setSsl(true)
        .setUseAlpn(true)
        .setVerifyHost(verifyHost && fingerprint == null)
        .setEnabledSecureTransportProtocols(PublicTls.PROTOCOLS);
    if (authority != null || fingerprint != null) {
      options.setTrustOptions(TrustOptions.wrap(manager()));
    }
    if (own != null) {
      own.present(options);
    }
  }

  /** Throws IllegalStateException when the authority's file cannot be used. */
  public void check() {
    if (authority != null) {
      manager();
    }
  }

  /** Judges certificates by this cluster's authority, or its fingerprint. */
  X509TrustManager manager() {
    String pinned = fingerprint;
    if (pinned != null) {
      return new Pinned(pinned);
    }
    Path signer = authority;
    if (signer == null) {
      throw new IllegalStateException("cluster " + cluster + " has no certificates of its own");
    }
    try (InputStream in = Files.newInputStream(signer)) {
      KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
      store.load(null, null);
      int count = 0;
      for (Certificate one : CertificateFactory.getInstance("X.509").generateCertificates(in)) {
        store.setCertificateEntry("authority" + count++, one);
      }
      if (count == 0) {
        throw new CertificateException("it holds no certificate");
      }
      TrustManagerFactory factory =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      factory.init(store);
      for (TrustManager made : factory.getTrustManagers()) {
        if (made instanceof X509TrustManager manager) {
          return manager;
        }
      }
      throw new IllegalStateException("this Java has no trust manager for X.509");
    } catch (IOException | GeneralSecurityException e) {
      throw new IllegalStateException(
          "the authority of cluster " + cluster + ", " + signer + ", cannot be used: " + e, e);
    }
  }

  /** Believes one certificate, whoever signed it. */
  private record Pinned(String fingerprint) implements X509TrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType)
        throws CertificateException {
      check(chain);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType)
        throws CertificateException {
      check(chain);
    }

    private void check(X509Certificate[] chain) throws CertificateException {
      String shown = fingerprint(chain[0]);
      if (!shown.equals(fingerprint)) {
        throw new CertificateException(
            "its certificate has the fingerprint " + shown + ", not " + fingerprint);
      }
      chain[0].checkValidity();
    }

    private static String fingerprint(X509Certificate certificate) throws CertificateException {
      return ClusterTrust.fingerprint(certificate);
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
