package org.mesohub.config;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.mesohub.config.NodeConfig.Peer.Dial;
import org.mesohub.tls.ClusterTrust;

/**
 * The list {@code peers} and the section {@code federation}: other clusters, and how to ask them.
 */
final class FederationReader {
  private static final int PEERS_MAX = 200;
  private static final int ENDPOINTS_MAX = 16;
  private static final Rule<Integer> HOPS = Rule.integer(1, 16);
  private static final Rule<Duration> PATIENCE =
      Rule.duration(Duration.ofMillis(100), Duration.ofMinutes(10));
  private static final Rule<HostPort> ENDPOINT =
      new Rule<>(
          "host:port of a public port, such as hub.example.org:8080",
          text -> HostPort.parse(text).filter(address -> address.port() > 0));

  private static final String PUBLIC = "public";
  private static final String PRIVATE = "private";
  private static final Rule<String> POLICY =
      new Rule<>(
          "public, private, or the names of clusters with blanks between them",
          text ->
              names(text).stream().allMatch(name -> Rule.ID.parse().apply(name).isPresent())
                  ? Optional.of(text)
                  : Optional.empty());

  private static final Rule<Dial> DIAL =
      new Rule<>(
          "in (that cluster cannot be called), out (this one cannot) or contract (that one speaks"
              + " the contract of 2018 only)",
          text ->
              switch (text) {
                case "in" -> Optional.of(Dial.IN);
                case "out" -> Optional.of(Dial.OUT);
                case "contract" -> Optional.of(Dial.CONTRACT);
                default -> Optional.empty();
              });

  private final Function<Section, @Nullable String> secret;
  private final PublicTlsReader files;

  /**
   * @param secret reads {@code token} or {@code tokenFile} of a section
   */
  FederationReader(Function<Section, @Nullable String> secret, PublicTlsReader files) {
    this.secret = secret;
    this.files = files;
  }

  private static List<String> names(String text) {
    return List.of(text.strip().split("[ ,]+"));
  }

  private static Map<String, Set<String>> closed(Section section) {
    Map<String, Set<String>> closed = new TreeMap<>();
    section
        .map("policies", Rule.ID, POLICY)
        .forEach(
            (network, policy) -> {
              if (!policy.equals(PUBLIC)) {
                closed.put(network, policy.equals(PRIVATE) ? Set.of() : Set.copyOf(names(policy)));
              }
            });
    return closed;
  }

  NodeConfig.Federation read(Section root, @Nullable String cluster) {
    List<NodeConfig.Peer> peers = new ArrayList<>();
    var names = new HashSet<String>();
    var trusts = new HashSet<String>();
    List<Section> items = root.sections("peers");
    for (Section item : items) {
      String name = item.optional("cluster", Rule.ID);
      Dial dial = item.value("dial", Dial.BOTH, DIAL);
      List<HostPort> endpoints = item.values("endpoints", ENDPOINT);
      String token = item.has("token") || item.has("tokenFile") ? secret.apply(item) : null;
      ClusterTrust tls = files.trust(item.section("tls"), name == null ? "" : name);
      String known = tls == null ? "" : tls.fingerprint() + " " + tls.authority();
      if (item.has("tls") && tls == null) {
        item.problem("tls", "names nothing to believe; expected authority or fingerprint");
      } else if (tls != null && tls.authority() == null && tls.fingerprint() == null) {
        if (dial == Dial.IN) {
          item.problem("tls", "authority: system, but that cluster dials in; expected its own");
        }
      } else if (tls != null && !trusts.add(known)) {
        item.problem("tls", "that of another cluster; expected distinct ones");
      }
      if (name == null && !item.has("cluster")) {
        item.problem("cluster", "absent; expected the name of another cluster");
      }
      if (dial == Dial.IN && item.has("endpoints")) {
        item.problem("endpoints", "given, but that cluster dials in; expected none with dial: in");
      } else if (dial != Dial.IN && !item.has("endpoints")) {
        item.problem("endpoints", "absent; expected a list of " + ENDPOINT.expected());
      }
      if (endpoints.size() > ENDPOINTS_MAX) {
        item.problem("endpoints", endpoints.size() + " given; expected at most " + ENDPOINTS_MAX);
      }
      if (name != null && name.equals(cluster)) {
        item.problem("cluster", "'" + name + "' is this cluster; expected others only");
      } else if (name != null && !names.add(name)) {
        item.problem("cluster", "'" + name + "' stands here twice; expected distinct names");
      } else if (name != null && endpoints.isEmpty() == (dial == Dial.IN)) {
        peers.add(new NodeConfig.Peer(name, endpoints, dial, token, tls));
      }
      item.end();
    }
    if (items.size() > PEERS_MAX) {
      root.problem("peers", items.size() + " given; expected at most " + PEERS_MAX);
    }
    if (!items.isEmpty() && cluster == null) {
      root.problem(
          "peers", "cluster.id is empty; expected a name by which others know this cluster");
    }
    Section section = root.section("federation");
    var federation =
        new NodeConfig.Federation(
            List.copyOf(peers),
            section.value("patience", NodeConfig.Federation.PATIENCE, PATIENCE),
            section.value("hops", NodeConfig.Federation.HOPS, HOPS),
            section.value("transit", false, Rule.BOOL),
            closed(section));
    section.end();
    return federation;
  }
}
