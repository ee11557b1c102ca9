package org.mesohub.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.mesohub.api.Right;
import org.mesohub.placement.Member;
import org.mesohub.placement.Members;
import org.mesohub.tls.ClusterTrust;
import org.mesohub.tls.PeerTls;
import org.mesohub.tls.PublicTls;

/**
 * Shows a configuration as it is in effect, as YAML with every key; secrets and passwords are left
 * out.
 */
public final class EffectiveConfig {
  private EffectiveConfig() {}

  public static String render(NodeConfig config) {
    var out = new StringBuilder();
    out.append("node:\n");
    line(out, 1, "id", quoted(config.nodeId()));
    line(out, 1, "number", config.nodeNumber());
    out.append("cluster:\n");
    cluster(out, config);
    line(out, 0, "data", quoted(config.data().toString()));
    line(out, 0, "listen", quoted(config.listen().toString()));
    line(out, 0, "plain", config.plain() == null ? "# none" : quoted(config.plain() + ""));
    String mongo = config.mongoUri();
    line(
        out,
        0,
        "mongo",
        quotedOr(mongo == null ? null : withoutPassword(mongo), "# the embedded engine"));
    out.append("security:\n  tokens:").append(config.tokens().isEmpty() ? " []\n" : "\n");
    for (NodeConfig.Token token : config.tokens()) {
      out.append("    - principal: ").append(quoted(token.principal())).append('\n');
      line(out, 3, "token", "# not shown");
      line(
          out,
          3,
          "rights",
          token.rights().stream()
              .sorted()
              .map(Right::toString)
              .collect(Collectors.joining(", ", "[", "]")));
    }
    line(out, 0, "history", config.history());
    long capacity = config.capacityBytes();
    line(
        out,
        0,
        "capacity",
        capacity == Long.MAX_VALUE ? "# the whole disk" : Units.formatSize(capacity));
    Duration retention = config.retention();
    line(out, 0, "retention", retention == null ? "# for ever" : Units.formatDuration(retention));
    out.append("networks:\n");
    String network = config.networks().defaultNetwork();
    line(out, 1, "default", quotedOr(network, "# that of the format"));
    map(out, 1, "aliases", config.networks().aliases());
    map(out, 1, "licences", config.networks().licences());
    map(out, 0, "owner", config.owner());
    NodeConfig.Limits limits = config.limits();
    out.append("limits:\n");
    line(out, 1, "putBytesMax", Units.formatSize(limits.putBytesMax()));
    line(out, 1, "putsMax", limits.putsMax());
    line(out, 1, "queriesMax", limits.queriesMax());
    line(out, 1, "putMemory", Units.formatSize(limits.putMemoryBytes()));
    line(out, 1, "cacheMemory", Units.formatSize(limits.cacheMemoryBytes()));
    out.append("compaction:\n");
    line(out, 1, "enabled", config.compaction().enabled());
    line(out, 1, "idle", Units.formatDuration(config.compaction().idle()));
    federation(out, config.federation());
    out.append("metrics:\n");
    line(out, 1, "enabled", config.metrics().enabled());
    return out.toString();
  }

  private static void federation(StringBuilder out, NodeConfig.Federation federation) {
    out.append("peers:").append(federation.peers().isEmpty() ? " []\n" : "\n");
    for (NodeConfig.Peer peer : federation.peers()) {
      out.append("  - cluster: ").append(quoted(peer.cluster())).append('\n');
      if (peer.dial() != NodeConfig.Peer.Dial.BOTH) {
        line(out, 2, "dial", peer.dial().name().toLowerCase(Locale.ROOT));
      }
      if (!peer.endpoints().isEmpty()) {
        line(
            out,
            2,
            "endpoints",
            peer.endpoints().stream()
                .map(address -> quoted(address.toString()))
                .collect(Collectors.joining(", ", "[", "]")));
      }
      ClusterTrust trust = peer.tls();
      if (trust != null) {
        out.append("    tls: ").append(trusted(trust)).append('\n');
      }
      line(out, 2, "token", peer.token() == null ? "# none" : "# not shown");
    }
    out.append("federation:\n");
    line(out, 1, "patience", Units.formatDuration(federation.patience()));
    line(out, 1, "hops", federation.hops());
    line(out, 1, "transit", federation.transit());
    Map<String, String> policies = new TreeMap<>();
    federation
        .closed()
        .forEach(
            (network, clusters) ->
                policies.put(
                    network,
                    clusters.isEmpty()
                        ? "private"
                        : clusters.stream().sorted().collect(Collectors.joining(" "))));
    map(out, 1, "policies", policies);
  }

  private static String trusted(ClusterTrust trust) {
    String pinned = trust.fingerprint();
    Path authority = trust.authority();
    return pinned != null
        ? "{fingerprint: " + quoted(pinned) + "}"
        : "{authority: " + (authority == null ? "system" : quoted(authority.toString())) + "}";
  }

  private static void cluster(StringBuilder out, NodeConfig config) {
    NodeConfig.Cluster cluster = config.cluster();
    line(out, 1, "id", quotedOr(cluster.id(), "# made at the first start"));
    Members members = cluster.members();
    if (members == null) {
      line(out, 1, "members", "[] # alone");
    } else {
      out.append("  members:\n");
      for (Member member : members.all()) {
        out.append("    - {id: ").append(quoted(member.id()));
        out.append(", number: ").append(member.number());
        out.append(", host: ").append(quoted(member.host()));
        out.append(", discoveryPort: ").append(member.discoveryPort());
        out.append(", busPort: ").append(member.busPort());
        out.append(", internalPort: ").append(member.internalPort());
        out.append(", public: ").append(quoted(member.publicAddress()));
        out.append(", contact: ").append(member.contact()).append("}\n");
      }
    }
    line(out, 1, "replication", cluster.replication());
    line(out, 1, "deadAfter", Units.formatDuration(cluster.deadAfter()));
    PeerTls tls = cluster.tls();
    out.append("tls:\n");
    line(out, 1, "certificate", tls == null ? "# none" : quoted(tls.certificate().toString()));
    line(out, 1, "key", tls == null ? "# none" : quoted(tls.key().toString()));
    line(out, 1, "authority", tls == null ? "# none" : quoted(tls.authority().toString()));
    line(out, 1, "plaintext", members != null && members.all().size() > 1 && tls == null);
    PublicTls shown = config.secure();
    out.append("  public:\n");
    line(out, 2, "certificate", shown == null ? "# none" : quoted(shown.certificate().toString()));
    line(out, 2, "key", shown == null ? "# none" : quoted(shown.key().toString()));
  }

  private static String withoutPassword(String uri) {
    return uri.replaceFirst("://([^:/@]+):[^@]*@", "://$1:***@");
  }

  private static void map(StringBuilder out, int depth, String key, Map<String, String> map) {
    if (map.isEmpty()) {
      line(out, depth, key, "{}");
      return;
    }
    out.append("  ".repeat(depth)).append(key).append(":\n");
    map.forEach((name, value) -> line(out, depth + 1, quoted(name), quoted(value)));
  }

  private static void line(StringBuilder out, int depth, String key, Object value) {
    out.append("  ".repeat(depth)).append(key).append(": ").append(value).append('\n');
  }

  private static String quotedOr(@Nullable String text, String otherwise) {
    return text == null ? otherwise : quoted(text);
  }

  /** Plain when that is unmistakable in YAML, else in double quotes. */
  private static String quoted(String text) {
    return text.matches("[A-Za-z/.][A-Za-z0-9._:/@+?=&,*-]*")
            && !text.matches("(?i)null|true|false|yes|no|on|off|y|n|~|\\..*")
        ? text
        : '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }
}
