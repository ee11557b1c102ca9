package org.mesohub.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.security.SecureRandom;
import java.security.Signature;
import java.security.cert.CertPathValidator;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateFactory;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class AuthorityTest {
  private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
  private static final Duration YEAR = Duration.ofDays(365);
  private final SecureRandom random = new SecureRandom();
  private final Authority authority = Authority.create("utah nodes", NOW, YEAR, random);

  @Test
  void certifiesANodeForBothEndsOfAConnectionAtItsHosts() throws Exception {
    List<String> hosts = List.of("n1.utah.example", "10.1.2.3", "2001:db8::7", "localhost");
    Certified node = authority.node("n1", hosts, NOW, YEAR);
    X509Certificate certificate = node.certificate();

    assertThat(certificate.getVersion()).isEqualTo(3);
    assertThat(certificate.getSubjectX500Principal().getName()).isEqualTo("CN=n1");
    assertThat(certificate.getIssuerX500Principal())
        .isEqualTo(authority.certified().certificate().getSubjectX500Principal());
    assertThat(certificate.getSubjectAlternativeNames())
        .containsExactlyInAnyOrder(
            List.of(2, "n1.utah.example"),
            List.of(7, "10.1.2.3"),
            List.of(7, "2001:db8:0:0:0:0:0:7"),
            List.of(2, "localhost"));
    assertThat(certificate.getExtendedKeyUsage())
        .containsExactly("1.3.6.1.5.5.7.3.1", "1.3.6.1.5.5.7.3.2");
    assertThat(certificate.getKeyUsage()).startsWith(true, false, false, false, false, false);
    assertThat(certificate.getBasicConstraints()).isEqualTo(-1);
    assertThat(certificate.getSerialNumber().bitLength()).isEqualTo(127);
    assertThat(((ECPublicKey) certificate.getPublicKey()).getParams().getOrder().bitLength())
        .isEqualTo(256);
    validate(certificate, authority, NOW);
    keyBelongsTo(node);
  }

  @Test
  void anAuthorityMaySignCertificatesAndOnlyThese() {
    X509Certificate own = authority.certified().certificate();
    assertThat(own.getBasicConstraints()).isZero();
    assertThat(own.getKeyUsage())
        .containsExactly(false, false, false, false, false, true, true, false, false);
    assertThat(own.getCriticalExtensionOIDs()).containsExactlyInAnyOrder("2.5.29.15", "2.5.29.19");
  }

  @Test
  void certificatesHoldFromTheDayBeforeToTheirEnd() throws Exception {
    X509Certificate node = authority.node("n1", List.of("a"), NOW, YEAR).certificate();
    assertThat(node.getNotBefore().toInstant()).isEqualTo(NOW.minus(Duration.ofDays(1)));
    assertThat(node.getNotAfter().toInstant()).isEqualTo(NOW.plus(YEAR));
    validate(node, authority, NOW.minus(Duration.ofHours(23)));
    assertThatThrownBy(() -> validate(node, authority, NOW.plus(YEAR).plusSeconds(1)))
        .isInstanceOf(CertPathValidatorException.class);
    Authority lasting = Authority.create("x", NOW, Duration.ofDays(36_500), random);
    assertThat(lasting.certified().certificate().getNotAfter().toInstant())
        .isEqualTo(Instant.parse("2126-02-05T12:00:00Z"));
  }

  @Test
  void anotherAuthorityOfTheSameNameIsAnother() {
    Authority stranger = Authority.create("utah nodes", NOW, YEAR, random);
    X509Certificate node = stranger.node("n1", List.of("a"), NOW, YEAR).certificate();
    assertThatThrownBy(() -> validate(node, authority, NOW))
        .isInstanceOf(CertPathValidatorException.class);
  }

  @Test
  void isReadBackFromItsFiles() throws Exception {
    Certified own = authority.certified();
    Authority read = Authority.of(own.certificatePem(), own.keyPem(), random);
    validate(read.node("n1", List.of("a"), NOW, YEAR).certificate(), authority, NOW);
    assertThat(own.keyPem()).startsWith("-----BEGIN PRIVATE KEY-----\n").endsWith("-----\n");
  }

  @Test
  void refusesWhatIsNoAuthority() {
    Certified own = authority.certified();
    Certified node = authority.node("n1", List.of("a"), NOW, YEAR);
    Certified other = Authority.create("x", NOW, YEAR, random).certified();
    assertThatThrownBy(() -> Authority.of(node.certificatePem(), node.keyPem(), random))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("not one of an authority");
    assertThatThrownBy(() -> Authority.of("", own.keyPem(), random))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Authority.of(own.certificatePem(), own.certificatePem(), random))
        .isInstanceOf(IllegalArgumentException.class);
    Authority mixed = Authority.of(own.certificatePem(), other.keyPem(), random);
    assertThatThrownBy(() -> mixed.node("n1", List.of("a"), NOW, YEAR))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("does not belong");
  }

  @Test
  void refusesHostsThatAreNone() {
    for (String host : List.of("", "a b", "https://a", "1.2.3.4.5", "::g", "a/b", ".a", "ü")) {
      assertThatThrownBy(() -> authority.node("n1", List.of(host), NOW, YEAR))
          .as(host)
          .isInstanceOf(IllegalArgumentException.class);
    }
    assertThatThrownBy(() -> authority.node("n1", List.of(), NOW, YEAR))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static void validate(X509Certificate node, Authority by, Instant at) throws Exception {
    var parameters =
        new PKIXParameters(Set.of(new TrustAnchor(by.certified().certificate(), null)));
    parameters.setRevocationEnabled(false);
    parameters.setDate(Date.from(at));
    CertPathValidator.getInstance("PKIX")
        .validate(
            CertificateFactory.getInstance("X.509").generateCertPath(List.of(node)), parameters);
  }

  private static void keyBelongsTo(Certified node) throws Exception {
    Signature signature = Signature.getInstance("SHA256withECDSA");
    signature.initSign(node.key());
    signature.update(new byte[] {1, 2, 3});
    byte[] signed = signature.sign();
    signature.initVerify(node.certificate());
    signature.update(new byte[] {1, 2, 3});
    assertThat(signature.verify(signed)).isTrue();
  }
}
