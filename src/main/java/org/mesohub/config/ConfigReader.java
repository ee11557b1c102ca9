package org.mesohub.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.mesohub.api.Right;
import org.mesohub.tls.PublicTls;

/** The keys, their defaults and their bounds: turns sections of the file into records. */
final class ConfigReader {
  private static final int NODE_NUMBER_MAX = 1_000_000;
  private static final int LICENCE_CHARS_MAX = 256;
  private static final int URI_CHARS_MAX = 4_096;
  private static final int SECRET_CHARS_MIN = 8;
  private static final int SECRET_CHARS_MAX = 1_024;
  private static final long MIB = 1L << 20;
  private static final long GIB = 1L << 30;
  private static final long TIB = 1L << 40;

  /** Old puts of ten years are a few hundred GiB; one put past this is a mistake. */
  private static final Rule<Long> PUT_BYTES = Rule.size(MIB, TIB);

  private static final Rule<Long> CAPACITY = Rule.size(64 * MIB, 1_024 * TIB);
  private static final Rule<Duration> RETENTION =
      Rule.duration(Duration.ofDays(1), Duration.ofDays(100_000));
  private static final Rule<Path> PATH =
      new Rule<>("a path", text -> text.isEmpty() ? Optional.empty() : Optional.of(Path.of(text)));
  private static final Rule<HostPort> HOST_PORT =
      new Rule<>("host:port, such as 127.0.0.1:8080 or [::1]:8080", HostPort::parse);
  private static final Rule<History> HISTORY =
      new Rule<>("all, none, or a number of days such as 30d", History::parse);
  private static final Rule<String> MONGO_URI =
      new Rule<>(
          "a URI that starts with mongodb:// or mongodb+srv://",
          text ->
              text.length() <= URI_CHARS_MAX && text.matches("mongodb(\\+srv)?://\\S+")
                  ? Optional.of(text)
                  : Optional.empty());
  private static final Rule<String> SECRET =
      new Rule<>(
          SECRET_CHARS_MIN + " to " + SECRET_CHARS_MAX + " visible ASCII characters",
          text -> isSecret(text) ? Optional.of(text) : Optional.empty());
  private static final Rule<Right> RIGHT =
      new Rule<>(
          "one of read, put, delete, peer, admin",
          text -> Arrays.stream(Right.values()).filter(r -> r.toString().equals(text)).findAny());

  private final Path folder;

  ConfigReader(Path folder) {
    this.folder = folder;
  }

  NodeConfig read(Section root) {
    Section node = root.section("node");
    String nodeId = node.value("id", "node1", Rule.ID);
    int nodeNumber = node.value("number", 1, Rule.integer(0, NODE_NUMBER_MAX));
    Section tls = root.section("tls");
    var files = new PublicTlsReader(folder);
    PublicTls secure = files.identity(tls.section("public"));
    HostPort plain = root.optional("plain", HOST_PORT);
    if (plain != null && secure == null) {
      root.problem(
          "plain", "given, but the public port speaks no TLS; expected tls.public with it");
    }
    NodeConfig.Cluster cluster =
        new ClusterReader(folder, nodeId, nodeNumber)
            .read(root.section("cluster"), tls, NODE_NUMBER_MAX);
    List<NodeConfig.Token> tokens = tokens(root.section("security"));
    var config =
        new NodeConfig(
            nodeId,
            nodeNumber,
            cluster,
            root.value("data", Path.of("data"), PATH),
            root.value("listen", new HostPort("127.0.0.1", 8080), HOST_PORT),
            secure,
            plain,
            root.optional("mongo", MONGO_URI),
            tokens,
            root.value("history", History.ALL, HISTORY),
            Objects.requireNonNullElse(root.optional("capacity", CAPACITY), Long.MAX_VALUE),
            root.optional("retention", RETENTION),
            networks(root.section("networks")),
            root.map("owner", Rule.ID, Rule.ID),
            limits(root.section("limits")),
            compaction(root.section("compaction")),
            metrics(root.section("metrics")),
            new FederationReader(this::secret, files).read(root, cluster.id()));
    if (!config.listen().isLoopback() && tokens.isEmpty()) {
      root.problem(
          "listen",
          "'"
              + config.listen()
              + "' can be reached from other machines, but security.tokens is empty, so that everybody could"
              + " write and delete; expected at least one token there, or a loopback address such as 127.0.0.1:8080");
    }
    if (plain != null && !plain.isLoopback() && tokens.isEmpty()) {
      root.problem(
          "plain",
          "'"
              + plain
              + "' can be reached from other machines, but security.tokens is empty; expected a token"
              + " there, or a loopback address");
    }
    node.end();
    root.end();
    return config;
  }

  private List<NodeConfig.Token> tokens(Section security) {
    var tokens = new ArrayList<NodeConfig.Token>();
    var principals = new HashSet<String>();
    var secrets = new HashSet<String>();
    for (Section item : security.sections("tokens")) {
      String principal = item.optional("principal", Rule.ID);
      String secret = secret(item);
      List<Right> rights = item.values("rights", RIGHT);
      if (principal == null && !item.has("principal")) {
        item.problem("principal", "absent; expected a name for who holds the token");
      }
      if (!item.has("rights")) {
        item.problem("rights", "absent; expected a list such as [read, put]");
      }
      if (principal != null && !principals.add(principal)) {
        item.problem("principal", "'" + principal + "' stands here twice; expected distinct names");
      }
      if (secret != null && !secrets.add(secret)) {
        item.problem("token", "equal to the token of another principal; expected distinct ones");
      }
      if (principal != null && secret != null && !rights.isEmpty()) {
        tokens.add(new NodeConfig.Token(principal, secret, Set.copyOf(EnumSet.copyOf(rights))));
      }
      item.end();
    }
    security.end();
    return List.copyOf(tokens);
  }

  private @Nullable String secret(Section item) {
    String inline = item.optional("token", SECRET);
    Path file = item.optional("tokenFile", PATH);
    if (item.has("token") == item.has("tokenFile")) {
      item.problem("token", "expected exactly one of token and tokenFile");
      return null;
    }
    return file == null ? inline : secretIn(item, folder.resolve(file));
  }

  private static @Nullable String secretIn(Section item, Path file) {
    try {
      String secret = Files.readString(file).strip();
      if (isSecret(secret)) {
        return secret;
      }
      item.problem("tokenFile", file + " does not hold a token; expected " + SECRET.expected());
    } catch (IOException e) {
      item.problem("tokenFile", "cannot be read (" + e + "); expected a readable file");
    }
    return null;
  }

  private static boolean isSecret(String text) {
    return text.length() >= SECRET_CHARS_MIN
        && text.length() <= SECRET_CHARS_MAX
        && text.chars().allMatch(c -> c > ' ' && c < 0x7f);
  }

  private static NodeConfig.Networks networks(Section section) {
    var networks =
        new NodeConfig.Networks(
            section.optional("default", Rule.ID),
            section.map("aliases", Rule.text(LICENCE_CHARS_MAX), Rule.ID),
            section.map("licences", Rule.ID, Rule.text(LICENCE_CHARS_MAX)));
    networks.aliases().values().stream()
        .filter(networks.aliases()::containsKey)
        .distinct()
        .forEach(
            id ->
                section.problem(
                    "aliases", "'" + id + "' is an alias and an id; expected ids on the right"));
    section.end();
    return networks;
  }

  private static NodeConfig.Limits limits(Section section) {
    var limits =
        new NodeConfig.Limits(
            section.value("putBytesMax", 100 * GIB, PUT_BYTES),
            section.value("putsMax", 16, Rule.integer(1, 1_000)),
            section.value("queriesMax", 64, Rule.integer(1, 10_000)),
            section.value("putMemory", 64 * MIB, Rule.size(4 * MIB, 16 * GIB)),
            section.value("cacheMemory", 192 * MIB, Rule.size(MIB, TIB)));
    section.end();
    return limits;
  }

  private static NodeConfig.Compaction compaction(Section section) {
    var idle = Rule.duration(Duration.ofSeconds(1), Duration.ofDays(7));
    var compaction =
        new NodeConfig.Compaction(
            section.value("enabled", true, Rule.BOOL),
            section.value("idle", Duration.ofSeconds(30), idle));
    section.end();
    return compaction;
  }

  private static NodeConfig.Metrics metrics(Section section) {
    var metrics = new NodeConfig.Metrics(section.value("enabled", true, Rule.BOOL));
    section.end();
    return metrics;
  }
}
