package org.mesohub.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.mesohub.api.Right;

class ConfigFileTest {
  @TempDir Path folder;

  @Test
  void an_empty_file_gives_the_defaults() throws Exception {
    NodeConfig config = ConfigFile.parse("x", "", folder);

    assertThat(config.listen()).isEqualTo(new HostPort("127.0.0.1", 8080));
    assertThat(config.cluster().id()).isNull();
    assertThat(config.mongoUri()).isNull();
    assertThat(config.compaction().idle()).isEqualTo(Duration.ofSeconds(30));
    assertThat(config).isEqualTo(ConfigFile.defaults());
  }

  @Test
  void the_documented_file_holds_exactly_the_defaults() throws Exception {
    assertThat(ConfigFile.read(Path.of("conf/node.yaml")))
        .usingRecursiveComparison()
        .withEqualsForType((a, b) -> a.normalize().equals(b.normalize()), Path.class)
        .isEqualTo(ConfigFile.defaults());
  }

  @Test
  void every_key_of_the_effective_configuration_is_documented() throws Exception {
    String documented = Files.readString(Path.of("conf/node.yaml"));
    EffectiveConfig.render(ConfigFile.defaults())
        .lines()
        .map(line -> line.substring(0, line.indexOf(':') + 1))
        .forEach(key -> assertThat(documented.lines()).anyMatch(l -> l.startsWith(key)));
  }

  @Test
  void all_keys_are_read() throws Exception {
    Files.writeString(folder.resolve("feed.token"), "feed-secret-1\n");
    NodeConfig config =
        ConfigFile.parse(
            "x",
            """
            node: {id: a, number: 7}
            cluster: {id: utah}
            data: /var/lib/mesohub
            listen: "[::]:9000"
            mongo: mongodb://u:p@h/db
            security:
              tokens:
                - {principal: feed, tokenFile: feed.token, rights: [put]}
                - {principal: boss, token: boss-secret-1, rights: [read, put, delete, peer, admin]}
            history: 30d
            networks: {default: "8", aliases: {KSL: "8"}, licences: {"8": CC0-1.0}}
            owner: {"8": utah}
            limits: {putBytesMax: 10 GiB, putsMax: 2, queriesMax: 3, putMemory: 8MiB, cacheMemory: 1 GiB}
            compaction: {enabled: false, idle: 2h}
            metrics: {enabled: false}
            """,
            folder);

    assertThat(config)
        .isEqualTo(
            new NodeConfig(
                "a",
                7,
                NodeConfig.Cluster.alone("utah"),
                Path.of("/var/lib/mesohub"),
                new HostPort("::", 9000),
                null,
                null,
                "mongodb://u:p@h/db",
                java.util.List.of(
                    new NodeConfig.Token("feed", "feed-secret-1", Set.of(Right.PUT)),
                    new NodeConfig.Token("boss", "boss-secret-1", Set.of(Right.values()))),
                new History(30),
                Long.MAX_VALUE,
                null,
                new NodeConfig.Networks("8", Map.of("KSL", "8"), Map.of("8", "CC0-1.0")),
                Map.of("8", "utah"),
                new NodeConfig.Limits(10L << 30, 2, 3, 8L << 20, 1L << 30),
                new NodeConfig.Compaction(false, Duration.ofHours(2)),
                new NodeConfig.Metrics(false),
                NodeConfig.Federation.NONE));
    assertThat(EffectiveConfig.render(config)).doesNotContain("secret", ":p@").contains(":***@");
    assertThat(config.toString()).doesNotContain("boss-secret");
  }

  @Test
  void all_errors_are_reported_at_once_in_order_of_lines() {
    ConfigException thrown =
        failure(
            """
            node:
              number: many
            lisen: 1.2.3.4:80
            limits:
              putBytesMax: 10 Gib
            compaction: [1]
            """);

    assertThat(thrown.problems()).extracting(ConfigProblem::line).containsExactly(2, 3, 5, 6);
    assertThat(thrown)
        .hasMessageContaining("x: line 2: node.number: 'many'; expected a whole number")
        .hasMessageContaining("x: line 3: lisen: unknown key; did you mean listen?")
        .hasMessageContaining("x: line 5: limits.putBytesMax: '10 Gib'; expected a size from 1 MiB")
        .hasMessageContaining("x: line 6: compaction: a list; expected keys with values");
  }

  @Test
  void an_unknown_key_far_from_all_names_the_known_ones() {
    assertThat(failure("metrics: {zzzzzzzzz: 1}"))
        .hasMessageContaining("metrics.zzzzzzzzz: unknown key; known here: enabled");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "listen: 0.0.0.0:8080 | listen: '0.0.0.0:8080' can be reached from other machines",
        "listen: 8080 | listen: '8080'; expected host:port",
        "listen: localhost:80800 | expected host:port",
        "history: 0d | history: '0d'; expected all, none, or",
        "mongo: http://x | expected a URI that starts with mongodb://",
        "compaction: {idle: 30} | compaction.idle: '30'; expected a duration from 1s to 7d",
        "compaction: {idle: 8d} | compaction.idle: '8d'; expected a duration from 1s to 7d",
        "limits: {queriesMax: 0} | limits.queriesMax: '0'; expected a whole number from 1",
        "limits: {putMemory: 1 KiB} | limits.putMemory: '1 KiB'; expected a size from 4 MiB",
        "metrics: {enabled: maybe} | metrics.enabled: 'maybe'; expected true or false",
        "data: [a] | data: a list; expected a path",
        "node: {id: a b} | node.id: 'a b'; expected 1 to 64",
        "{data: a, data: b} | data: given twice, first in line 1",
        "data: {a: [} | not valid YAML",
        "- 1 | a list; expected keys with values",
        "networks: {aliases: {a: b, b: c}} | 'b' is an alias and an id",
        "security: {tokens: x} | security.tokens: 'x'; expected a list",
        "security: {tokens: [{principal: p, token: short, rights: [read]}]} | tokens[0].token: 'short'; expected 8",
        "security: {tokens: [{principal: p, token: longenough, rights: [fly]}]} | tokens[0].rights[0]: 'fly'; expected one of",
        "security: {tokens: [{principal: p, rights: [read]}]} | exactly one of token and tokenFile",
        "security: {tokens: [{token: longenough, rights: [read]}]} | tokens[0].principal: absent",
        "security: {tokens: [{principal: p, token: longenough}]} | tokens[0].rights: absent",
        "security: {tokens: [{principal: p, tokenFile: nowhere, rights: [read]}]} | tokens[0].tokenFile: cannot be read",
      })
  void each_kind_of_error_names_key_value_and_expectation(String yaml, String message) {
    assertThat(failure(yaml)).hasMessageContaining(message);
  }

  @Test
  void other_clusters_are_read_and_shown_without_tokens() throws Exception {
    NodeConfig config =
        ConfigFile.parse(
            "x",
            """
            cluster: {id: utah}
            peers:
              - {cluster: idaho, endpoints: ["a.example:1", "b.example:2"], token: idaho-secret}
              - {cluster: nevada, endpoints: ["c.example:3"]}
            federation: {patience: 3s, hops: 2, transit: true}
            """,
            folder);
    assertThat(config.federation())
        .isEqualTo(
            new NodeConfig.Federation(
                List.of(
                    new NodeConfig.Peer(
                        "idaho",
                        List.of(new HostPort("a.example", 1), new HostPort("b.example", 2)),
                        "idaho-secret"),
                    new NodeConfig.Peer("nevada", List.of(new HostPort("c.example", 3)), null)),
                Duration.ofSeconds(3),
                2,
                true));
    assertThat(EffectiveConfig.render(config))
        .contains("idaho", "b.example:2", "nevada")
        .doesNotContain("idaho-secret");
    assertThat(config.toString()).doesNotContain("idaho-secret");
  }

  @Test
  void peers_that_cannot_be_meant_are_named() {
    String idaho = "{cluster: idaho, endpoints: ['a:1']}";
    assertThat(failure("cluster: {id: idaho}\npeers: [" + idaho + "]"))
        .hasMessageContaining("is this cluster");
    assertThat(failure("peers: [" + idaho + "]")).hasMessageContaining("cluster.id is empty");
    assertThat(failure("cluster: {id: utah}\npeers: [" + idaho + ", " + idaho + "]"))
        .hasMessageContaining("stands here twice");
    assertThat(failure("cluster: {id: utah}\npeers: [{cluster: idaho, endpoints: [a]}]"))
        .hasMessageContaining("host:port of a public port");
    assertThat(failure("cluster: {id: utah}\npeers: [{cluster: idaho}]"))
        .hasMessageContaining("peers[0].endpoints");
  }

  @Test
  void aliases_and_deep_nesting_are_refused() {
    assertThat(failure("a: &a [1]\nb: *a")).hasMessageContaining("not valid YAML");
    assertThat(failure("a: " + "[".repeat(100))).hasMessageContaining("not valid YAML");
  }

  @Test
  void a_file_that_is_not_there_is_a_problem_too() {
    var thrown =
        catchThrowableOfType(
            ConfigException.class, () -> ConfigFile.read(folder.resolve("none.yaml")));
    assertThat(thrown).hasMessageContaining("cannot be read").hasMessageContaining("--config");
  }

  private ConfigException failure(String yaml) {
    var thrown =
        catchThrowableOfType(ConfigException.class, () -> ConfigFile.parse("x", yaml, folder));
    assertThat(thrown).as("no error for: %s", yaml).isNotNull();
    return thrown;
  }
}
