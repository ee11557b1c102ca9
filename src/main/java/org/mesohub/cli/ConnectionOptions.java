package org.mesohub.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.mesohub.config.HostPort;
import org.mesohub.config.Units;
import org.mesohub.tls.ClusterTrust;
import picocli.CommandLine.Option;

/** How to reach the node; mixed into every client command. */
final class ConnectionOptions {
  @Option(
      names = "--node",
      paramLabel = "HOST:PORT[,...]",
      description =
          "Node to talk to, or several of a cluster: the next one when one is away (default:"
              + " MESOHUB_NODE or 127.0.0.1:8080).")
  @Nullable String node;

  @Option(
      names = "--token",
      paramLabel = "TOKEN",
      description = "Bearer token (default: MESOHUB_TOKEN, which does not show in process lists).")
  @Nullable String token;

  @Option(
      names = "--ca",
      paramLabel = "FILE",
      description =
          "Speak TLS and believe certificates of this authority (PEM), or 'system': those of this"
              + " machine (default: MESOHUB_CA, else plain text).")
  @Nullable String authority;

  @Option(
      names = "--timeout",
      paramLabel = "DURATION",
      defaultValue = "60s",
      description = "Longest silence of the node to bear, such as 500ms or 2m (default: 60s).")
  String timeout = "60s";

  /** Connects lazily: nothing is sent before the first call. */
  NodeClient connect(Console console) {
    String address =
        node != null ? node : console.environment().getOrDefault("MESOHUB_NODE", "127.0.0.1:8080");
    List<HostPort> nodes =
        Arrays.stream(address.split(",", -1)).map(ConnectionOptions::node).toList();
    return new NodeClient(nodes, secret(console), trust(console), silence());
  }

  /** Connects to one node, whatever the options say of others. */
  NodeClient connectTo(HostPort address, Console console) {
    return new NodeClient(List.of(address), secret(console), trust(console), silence());
  }

  private @Nullable ClusterTrust trust(Console console) {
    String file = authority != null ? authority : console.environment().get("MESOHUB_CA");
    if (file == null) {
      return null;
    }
    if (file.equals("system")) {
      return new ClusterTrust("", null, null);
    }
    Path path = Path.of(file);
    if (!Files.isReadable(path)) {
      throw CliException.usage("--ca '" + file + "' cannot be read; expected a PEM file");
    }
    var trust = new ClusterTrust("", path, null);
    try {
      trust.check();
    } catch (IllegalStateException e) {
      throw CliException.usage("--ca '" + file + "' holds no certificates that can be used");
    }
    return trust;
  }

  private @Nullable String secret(Console console) {
    return token != null ? token : console.environment().get("MESOHUB_TOKEN");
  }

  private Duration silence() {
    return Units.duration(timeout)
        .filter(d -> !d.isZero())
        .orElseThrow(
            () ->
                CliException.usage(
                    "--timeout '" + timeout + "': expected a duration such as 500ms, 30s or 2m"));
  }

  private static HostPort node(String address) {
    return HostPort.parse(address.strip())
        .filter(a -> a.port() > 0)
        .orElseThrow(() -> CliException.usage("--node '" + address + "': expected host:port"));
  }
}
