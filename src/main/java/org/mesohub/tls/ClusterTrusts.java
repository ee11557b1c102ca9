package org.mesohub.tls;

import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/**
 * The clusters that a server knows by their certificates. Whoever shows a certificate shows one of
 * theirs, or is refused. Thread-safe.
 */
public final class ClusterTrusts implements X509TrustManager {
  /** Nobody. */
  public static final ClusterTrusts NONE = new ClusterTrusts(List.of());

  /** Where a session keeps who it is with. */
  private static final String CLUSTER = "mesohub.cluster";

  private static final String NOBODY = "";

  private final Map<String, X509TrustManager> managers = new LinkedHashMap<>();

  /**
   * @param trusts those without certificates of their own are left out
   */
  public ClusterTrusts(List<ClusterTrust> trusts) {
    for (ClusterTrust trust : trusts) {
      if (trust.authority() != null || trust.fingerprint() != null) {
        managers.put(trust.cluster(), trust.manager());
      }
    }
  }

  boolean isEmpty() {
    return managers.isEmpty();
  }

  /** The cluster that a session is with; null when it is with somebody else. */
  public @Nullable String clusterOf(@Nullable SSLSession session) {
    if (session == null || managers.isEmpty()) {
      return null;
    }
    Object known = session.getValue(CLUSTER);
    if (!(known instanceof String)) {
      known = find(session);
      session.putValue(CLUSTER, known);
    }
    return known.equals(NOBODY) ? null : (String) known;
  }

  private String find(SSLSession session) {
    try {
      Certificate[] shown = session.getPeerCertificates();
      X509Certificate[] chain = Arrays.copyOf(shown, shown.length, X509Certificate[].class);
      for (Map.Entry<String, X509TrustManager> one : managers.entrySet()) {
        if (trusts(one.getValue(), chain)) {
          return one.getKey();
        }
      }
      return NOBODY;
    } catch (SSLPeerUnverifiedException e) {
      return NOBODY; // it has shown none
    }
  }

  private static boolean trusts(X509TrustManager manager, X509Certificate[] chain) {
    try {
      manager.checkClientTrusted(chain, chain[0].getPublicKey().getAlgorithm());
      return true;
    } catch (CertificateException e) {
      return false;
    }
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType)
      throws CertificateException {
    for (X509TrustManager manager : managers.values()) {
      if (trusts(manager, chain)) {
        return;
      }
    }
    throw new CertificateException("no cluster that is named under peers shows this certificate");
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType)
      throws CertificateException {
    throw new CertificateException("servers are judged one by one");
  }

  @Override
  public X509Certificate[] getAcceptedIssuers() {
    return managers.values().stream()
        .flatMap(manager -> Arrays.stream(manager.getAcceptedIssuers()))
        .toArray(X509Certificate[]::new);
  }
}
