package org.mesohub.tls;

import java.io.ByteArrayInputStream;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.regex.Pattern;

/**
 * A cluster's certificate authority: signs the certificates with which its nodes prove themselves
 * to each other. Certificates are of RFC 5280, keys EC P-256, signatures ECDSA with SHA-256.
 */
public final class Authority {
  private static final String ECDSA_WITH_SHA256 = "1.2.840.10045.4.3.2";
  private static final String COMMON_NAME = "2.5.4.3";
  private static final String SUBJECT_KEY = "2.5.29.14";
  private static final String KEY_USAGE = "2.5.29.15";
  private static final String ALTERNATIVE_NAMES = "2.5.29.17";
  private static final String BASIC_CONSTRAINTS = "2.5.29.19";
  private static final String AUTHORITY_KEY = "2.5.29.35";
  private static final String EXTENDED_KEY_USAGE = "2.5.29.37";
  private static final String SERVER_AUTH = "1.3.6.1.5.5.7.3.1";
  private static final String CLIENT_AUTH = "1.3.6.1.5.5.7.3.2";
  private static final int DNS_NAME = 2;
  private static final int IP_ADDRESS = 7;

  /** Certificates hold from a day before: clocks of nodes differ. */
  private static final Duration EARLIER = Duration.ofDays(1);

  private static final Pattern HOST_NAME =
      Pattern.compile("(?=.{1,253}$)[A-Za-z0-9_]([A-Za-z0-9_-]{0,62}\\.?)+");
  private static final Pattern IP = Pattern.compile("[0-9.]+|[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*");

  private final Certified own;
  private final SecureRandom random;

  private Authority(Certified own, SecureRandom random) {
    this.own = own;
    this.random = random;
  }

  /**
   * A new authority.
   *
   * @param name common name, for people
   */
  public static Authority create(String name, Instant now, Duration validity, SecureRandom random) {
    try {
      KeyPair keys = keys(random);
      byte[] extensions =
          Der.sequence(
              extension(
                  BASIC_CONSTRAINTS, true, Der.sequence(Der.yes(), Der.integer(BigInteger.ZERO))),
              // keyCertSign, cRLSign
              extension(KEY_USAGE, true, Der.bits(1, (byte) 0x06)),
              extension(SUBJECT_KEY, false, Der.octets(keyId(keys.getPublic()))));
      X509Certificate certificate =
          sign(
              name(name),
              name(name),
              keys.getPublic(),
              extensions,
              keys.getPrivate(),
              now,
              validity,
              random);
      return new Authority(new Certified(certificate, keys.getPrivate()), random);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has EC keys", e);
    }
  }

  /** An authority from its PEM files' content; what is none fails as IllegalArgumentException. */
  public static Authority of(String certificatePem, String keyPem, SecureRandom random) {
    try {
      PrivateKey key =
          KeyFactory.getInstance("EC")
              .generatePrivate(new PKCS8EncodedKeySpec(unpacked("PRIVATE KEY", keyPem)));
      X509Certificate certificate = certificate(unpacked("CERTIFICATE", certificatePem));
      if (certificate.getBasicConstraints() < 0) {
        throw new IllegalArgumentException("the certificate is not one of an authority");
      }
      return new Authority(new Certified(certificate, key), random);
    } catch (GeneralSecurityException e) {
      throw new IllegalArgumentException(
          "not the certificate and the EC key of an authority: " + e.getMessage(), e);
    }
  }

  /** The authority's own. */
  public Certified certified() {
    return own;
  }

  /**
   * A new key for a node, certified for both ends of a connection.
   *
   * @param id of the node, its common name
   * @param hosts names and addresses at which others reach it
   */
  public Certified node(String id, Collection<String> hosts, Instant now, Duration validity) {
    if (hosts.isEmpty()) {
      throw new IllegalArgumentException("a node is reached at one host at least");
    }
    try {
      KeyPair keys = keys(random);
      List<byte[]> names = new ArrayList<>();
      hosts.forEach(host -> names.add(alternativeName(host)));
      byte[] extensions =
          Der.sequence(
              extension(BASIC_CONSTRAINTS, true, Der.sequence()),
              // digitalSignature
              extension(KEY_USAGE, true, Der.bits(7, (byte) 0x80)),
              extension(
                  EXTENDED_KEY_USAGE,
                  false,
                  Der.sequence(Der.oid(SERVER_AUTH), Der.oid(CLIENT_AUTH))),
              extension(ALTERNATIVE_NAMES, false, Der.sequence(names.toArray(byte[][]::new))),
              extension(SUBJECT_KEY, false, Der.octets(keyId(keys.getPublic()))),
              extension(
                  AUTHORITY_KEY,
                  false,
                  Der.sequence(Der.context(0, false, keyId(own.certificate().getPublicKey())))));
      X509Certificate certificate =
          sign(
              name(id),
              own.certificate().getSubjectX500Principal().getEncoded(),
              keys.getPublic(),
              extensions,
              own.key(),
              now,
              validity,
              random);
      certificate.verify(own.certificate().getPublicKey());
      return new Certified(certificate, keys.getPrivate());
    } catch (GeneralSecurityException e) {
      throw new IllegalArgumentException(
          "the key does not belong to the certificate of the authority", e);
    }
  }

  private static KeyPair keys(SecureRandom random) throws GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec("secp256r1"), random);
    return generator.generateKeyPair();
  }

  private static X509Certificate sign(
      byte[] subject,
      byte[] issuer,
      PublicKey publicKey,
      byte[] extensions,
      PrivateKey signer,
      Instant now,
      Duration validity,
      SecureRandom random)
      throws GeneralSecurityException {
    byte[] algorithm = Der.sequence(Der.oid(ECDSA_WITH_SHA256));
    BigInteger serial = new BigInteger(127, random).setBit(126);
    byte[] body =
        Der.sequence(
            Der.context(0, true, Der.integer(BigInteger.TWO)),
            Der.integer(serial),
            algorithm,
            issuer,
            Der.sequence(Der.time(now.minus(EARLIER)), Der.time(now.plus(validity))),
            subject,
            publicKey.getEncoded(),
            Der.context(3, true, extensions));
    Signature signature = Signature.getInstance("SHA256withECDSA");
    signature.initSign(signer, random);
    signature.update(body);
    return certificate(Der.sequence(body, algorithm, Der.bits(0, signature.sign())));
  }

  private static X509Certificate certificate(byte[] der) throws GeneralSecurityException {
    return (X509Certificate)
        CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(der));
  }

  private static byte[] name(String commonName) {
    return Der.sequence(Der.set(Der.sequence(Der.oid(COMMON_NAME), Der.text(commonName))));
  }

  private static byte[] extension(String oid, boolean critical, byte[] value) {
    return critical
        ? Der.sequence(Der.oid(oid), Der.yes(), Der.octets(value))
        : Der.sequence(Der.oid(oid), Der.octets(value));
  }

  /** RFC 7093, method 1: the first 160 bits of the SHA-256 of the key. */
  private static byte[] keyId(PublicKey key) throws GeneralSecurityException {
    byte[] hash = MessageDigest.getInstance("SHA-256").digest(key.getEncoded());
    return java.util.Arrays.copyOf(hash, 20);
  }

  private static byte[] alternativeName(String host) {
    if (IP.matcher(host).matches()) {
      try {
        // An address in digits: nobody is asked for it.
        return Der.context(IP_ADDRESS, false, InetAddress.getByName(host).getAddress());
      } catch (UnknownHostException e) {
        throw new IllegalArgumentException("'" + host + "' is not an IP address", e);
      }
    }
    if (!HOST_NAME.matcher(host).matches()) {
      throw new IllegalArgumentException("'" + host + "' is neither a host name nor an IP address");
    }
    return Der.context(DNS_NAME, false, host.getBytes(StandardCharsets.US_ASCII));
  }

  private static byte[] unpacked(String what, String pem) {
    String begin = "-----BEGIN " + what + "-----";
    int from = pem.indexOf(begin);
    int to = pem.indexOf("-----END " + what + "-----");
    if (from < 0 || to < from) {
      throw new IllegalArgumentException("no " + what + " in PEM");
    }
    return Base64.getMimeDecoder().decode(pem.substring(from + begin.length(), to));
  }
}
