package org.mesohub.config;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.mesohub.placement.Member;
import org.mesohub.placement.Members;
import org.mesohub.tls.PeerTls;

/** The sections {@code cluster} and {@code tls}: who the other nodes are, and how they meet. */
final class ClusterReader {
  private static final Rule<String> HOST =
      new Rule<>(
          "a host name or an address that the other nodes can reach",
          text ->
              HostPort.parse(text.indexOf(':') < 0 ? text + ":1" : "[" + text + "]:1")
                  .map(HostPort::host));
  private static final Rule<Integer> PORT = Rule.integer(1, 65_535);
  private static final Rule<HostPort> HOST_PORT =
      new Rule<>("host:port, such as node1.example.org:8080", HostPort::parse);
  private static final Rule<Path> PATH =
      new Rule<>("a path", text -> text.isEmpty() ? Optional.empty() : Optional.of(Path.of(text)));
  private static final Rule<Duration> DEAD_AFTER =
      Rule.duration(Duration.ofSeconds(1), Duration.ofDays(7));

  private final Path folder;
  private final String nodeId;
  private final int nodeNumber;

  /**
   * @param folder what paths are relative to
   */
  ClusterReader(Path folder, String nodeId, int nodeNumber) {
    this.folder = folder;
    this.nodeId = nodeId;
    this.nodeNumber = nodeNumber;
  }

  NodeConfig.Cluster read(Section cluster, Section tls, int numberMax) {
    String id = cluster.optional("id", Rule.ID);
    List<Member> all = new ArrayList<>();
    for (Section item : cluster.sections("members")) {
      Member member = member(item, numberMax);
      if (member != null) {
        all.add(member);
      }
    }
    Members members = all.isEmpty() ? null : members(cluster, all, id);
    int replication =
        cluster.value("replication", NodeConfig.Cluster.REPLICATION, Rule.integer(1, Members.MAX));
    Duration deadAfter = cluster.value("deadAfter", NodeConfig.Cluster.DEAD_AFTER, DEAD_AFTER);
    PeerTls peerTls = tls(tls, members);
    cluster.end();
    tls.end();
    return new NodeConfig.Cluster(id, members, replication, deadAfter, peerTls);
  }

  private static @Nullable Member member(Section item, int numberMax) {
    String id = required(item, "id", Rule.ID);
    Integer number = required(item, "number", Rule.integer(0, numberMax));
    String host = required(item, "host", HOST);
    Integer discovery = required(item, "discoveryPort", PORT);
    Integer bus = required(item, "busPort", PORT);
    Integer internal = required(item, "internalPort", PORT);
    HostPort address = required(item, "public", HOST_PORT);
    boolean contact = item.value("contact", true, Rule.BOOL);
    item.end();
    if (id == null
        || number == null
        || host == null
        || discovery == null
        || bus == null
        || internal == null
        || address == null) {
      return null;
    }
    return new Member(id, number, host, discovery, bus, internal, address.toString(), contact);
  }

  private static <T> @Nullable T required(Section item, String key, Rule<T> rule) {
    T value = item.optional(key, rule);
    if (value == null && !item.has(key)) {
      item.problem(key, "absent; expected " + rule.expected());
    }
    return value;
  }

  /** Null when something is wrong, which is reported. */
  private @Nullable Members members(Section cluster, List<Member> all, @Nullable String id) {
    boolean fine = true;
    if (id == null) {
      cluster.problem("id", "absent; a cluster of several nodes needs a name, the same on all");
      fine = false;
    }
    if (all.size() > Members.MAX) {
      cluster.problem("members", all.size() + " nodes; expected at most " + Members.MAX);
      fine = false;
    }
    Map<Object, String> taken = new HashMap<>();
    for (Member member : all) {
      List<Object> names =
          List.of(
              "id " + member.id(),
              "number " + member.number(),
              "address " + member.host() + ":" + member.discoveryPort(),
              "address " + member.host() + ":" + member.busPort(),
              "address " + member.host() + ":" + member.internalPort(),
              "address " + member.publicAddress());
      for (Object name : names) {
        String other = taken.putIfAbsent(name, member.id());
        if (other != null) {
          cluster.problem(
              "members",
              name + " stands at " + other + " and at " + member.id() + "; expected distinct ones");
          fine = false;
        }
      }
    }
    Optional<Member> self = all.stream().filter(m -> m.id().equals(nodeId)).findFirst();
    if (self.isEmpty()) {
      cluster.problem(
          "members",
          "node.id is '" + nodeId + "', which is none of them; expected this node among them");
      fine = false;
    } else if (self.get().number() != nodeNumber) {
      cluster.problem(
          "members",
          "number "
              + self.get().number()
              + " of "
              + nodeId
              + " is not node.number, "
              + nodeNumber
              + "; expected the same");
      fine = false;
    }
    if (all.stream().noneMatch(Member::contact)) {
      cluster.problem("members", "no node has contact: true; expected one that clients can reach");
      fine = false;
    }
    return fine ? new Members(nodeId, all) : null;
  }

  private @Nullable PeerTls tls(Section tls, @Nullable Members members) {
    Path certificate = file(tls, "certificate");
    Path key = file(tls, "key");
    Path authority = file(tls, "authority");
    boolean plaintext = tls.value("plaintext", false, Rule.BOOL);
    boolean any = tls.has("certificate") || tls.has("key") || tls.has("authority");
    if (any && plaintext) {
      tls.problem("plaintext", "true, but there are certificates; expected one of the two");
    }
    if (any) {
      for (String part : List.of("certificate", "key", "authority")) {
        if (!tls.has(part)) {
          tls.problem(part, "absent; expected certificate, key and authority together");
        }
      }
      return certificate == null || key == null || authority == null
          ? null
          : new PeerTls(certificate, key, authority);
    }
    if (members != null && members.all().size() > 1) {
      boolean loopback =
          members.all().stream().allMatch(m -> new HostPort(m.host(), 0).isLoopback());
      if (!plaintext) {
        tls.problem(
            "certificate",
            "absent; expected certificate, key and authority, as several nodes talk to each other"
                + " (mesohub cert makes them), or plaintext: true where all hosts are loopback addresses");
      } else if (!loopback) {
        tls.problem(
            "plaintext",
            "true, but not every member's host is a loopback address; expected certificate, key and"
                + " authority (mesohub cert makes them)");
      }
    }
    return null;
  }

  private @Nullable Path file(Section tls, String key) {
    Path path = tls.optional(key, PATH);
    if (path == null) {
      return null;
    }
    Path file = Objects.requireNonNull(folder.resolve(path));
    if (!Files.isReadable(file)) {
      tls.problem(key, file + " cannot be read; expected a readable PEM file");
      return null;
    }
    return file;
  }
}
