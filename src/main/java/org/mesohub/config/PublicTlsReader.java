package org.mesohub.config;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.mesohub.tls.ClusterTrust;
import org.mesohub.tls.PublicTls;

/** Certificates of the public port and of other clusters. */
final class PublicTlsReader {
  /** Stands for the authorities that the machine trusts. */
  private static final String SYSTEM = "system";

  private static final Rule<String> FILE =
      new Rule<>("a path", text -> text.isEmpty() ? Optional.empty() : Optional.of(text));
  private static final Rule<String> FINGERPRINT =
      new Rule<>("a SHA-256, 64 hexadecimal digits", ClusterTrust::fingerprint);

  private final Path folder;

  /**
   * @param folder that paths are relative to
   */
  PublicTlsReader(Path folder) {
    this.folder = folder;
  }

  /** The section {@code tls.public}; null when it is not there, or wrong. */
  @Nullable PublicTls identity(Section section) {
    Path certificate = file(section, "certificate");
    Path key = file(section, "key");
    if (section.has("certificate") != section.has("key")) {
      section.problem(
          section.has("key") ? "certificate" : "key",
          "absent; expected certificate and key together");
    }
    section.end();
    return certificate == null || key == null ? null : new PublicTls(certificate, key);
  }

  /** The section {@code tls} of another cluster; null when it is not there, or wrong. */
  @Nullable ClusterTrust trust(Section section, String cluster) {
    String signer = section.optional("authority", FILE);
    String fingerprint = section.optional("fingerprint", FINGERPRINT);
    Path authority = signer == null || signer.equals(SYSTEM) ? null : file(section, "authority");
    if (section.has("authority") && section.has("fingerprint")) {
      section.problem("fingerprint", "given beside authority; expected one of the two");
    }
    section.end();
    boolean wrong = signer != null && !signer.equals(SYSTEM) && authority == null;
    return wrong || (signer == null && fingerprint == null)
        ? null
        : new ClusterTrust(cluster, authority, fingerprint);
  }

  private @Nullable Path file(Section section, String key) {
    String path = section.optional(key, FILE);
    if (path == null) {
      return null;
    }
    Path file = Objects.requireNonNull(folder.resolve(path));
    if (!Files.isReadable(file)) {
      section.problem(key, file + " cannot be read; expected a readable PEM file");
      return null;
    }
    return file;
  }
}
