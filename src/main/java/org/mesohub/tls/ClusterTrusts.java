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
 * The clusters that a server knows by their certificates; whoever shows another one, or none, is
 * nobody of them. Thread-safe.
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
    // One that is pinned may be signed by another cluster's authority, too.
    trusts.stream()
        .filter(trust -> trust.fingerprint() != null)
        .forEach(trust -> managers.put(trust.cluster(), trust.manager()));
    trusts.stream()
        .filter(trust -> trust.authority() != null)
        .forEach(trust -> managers.put(trust.cluster(), trust.manager()));
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
    } catch (CertificateException | RuntimeException e) {
      return false;
    }
  }

  /** Lets everybody in: a certificate that is nobody's tells nothing, a token may. */
  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType) {
    // What a connection is taken for is decided by clusterOf.
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType)
      throws CertificateException {
    throw new CertificateException("servers are judged one by one");
  }

  @Override
  public X509Certificate[] getAcceptedIssuers() {
    return new X509Certificate[0]; // who is pinned may be of any
  }
}
