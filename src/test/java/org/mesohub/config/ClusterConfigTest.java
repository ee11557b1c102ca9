package org.mesohub.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.mesohub.placement.Members;

class ClusterConfigTest {
  private static final String TWO =
      """
      node: {id: a, number: 1}
      cluster:
        id: utah
        members:
          - {id: a, number: 1, host: 127.0.0.1, discoveryPort: 1, busPort: 2, internalPort: 3, public: "h:4"}
          - {id: b, number: 2, host: "::1", discoveryPort: 5, busPort: 6, internalPort: 7, public: "h:8", contact: false}
      """;

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void the_files_of_the_example_are_right_and_agree_on_the_members(int number) throws Exception {
    NodeConfig config = ConfigFile.read(Path.of("conf/cluster/node-" + number + ".yaml"));

    Members members = config.cluster().members();
    assertThat(members.self().number()).isEqualTo(number);
    assertThat(members.self().publicAddress()).isEqualTo(config.listen().toString());
    assertThat(members.all())
        .isEqualTo(ConfigFile.read(Path.of("conf/cluster/node-1.yaml")).cluster().members().all());
  }

  @Test
  void all_keys_are_read_and_shown() throws Exception {
    for (String file : new String[] {"c.pem", "k.pem", "a.pem"}) {
      Files.writeString(folder.resolve(file), "PEM");
    }
    NodeConfig config =
        parse(
            TWO
                + """
                  replication: 2
                  deadAfter: 10m
                tls: {certificate: c.pem, key: k.pem, authority: a.pem}
                capacity: 10 GiB
                retention: 400d
                """);

    assertThat(config.cluster().members().member("b").orElseThrow().contact()).isFalse();
    assertThat(config.cluster().members().member("a").orElseThrow().contact()).isTrue();
    assertThat(config.cluster().replication()).isEqualTo(2);
    assertThat(config.cluster().deadAfter()).isEqualTo(Duration.ofMinutes(10));
    assertThat(config.cluster().tls().key()).isEqualTo(folder.resolve("k.pem"));
    assertThat(config.capacityBytes()).isEqualTo(10L << 30);
    assertThat(config.retention()).isEqualTo(Duration.ofDays(400));
    assertThat(parse(EffectiveConfig.render(config))).isEqualTo(config);
  }

  @Test
  void loopback_needs_no_certificates_when_it_is_told_so() throws Exception {
    NodeConfig config = parse(TWO + "tls: {plaintext: true}");

    assertThat(config.cluster().tls()).isNull();
    assertThat(parse(EffectiveConfig.render(config))).isEqualTo(config);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "id: utah | id:  | cluster.id: absent; a cluster of several nodes needs a name",
        "id: b, number: 2 | id: a, number: 2 | id a stands at a and at a; expected distinct ones",
        "id: b, number: 2 | id: b, number: 1 | number 1 stands at a and at b",
        "discoveryPort: 1 | discoveryPort: 3 | address 127.0.0.1:3 stands at a and at a",
        "public: \"h:8\" | public: \"h:4\" | address h:4 stands at a and at b",
        "node: {id: a, number: 1} | node: {id: c} | node.id is 'c', which is none of them",
        "node: {id: a, number: 1} | node: {id: a, number: 9} | number 1 of a is not node.number, 9",
        "id: a, number: 1, host | id: a, number: 1, contact: false, host | no node has contact: true",
        "busPort: 2 | busPort: 0 | cluster.members[0].busPort: '0'; expected a whole number from 1 to 65535",
        "busPort: 2, | '' | cluster.members[0].busPort: absent; expected a whole number",
        "host: 127.0.0.1 | host: 'a b' | cluster.members[0].host: 'a b'; expected a host name",
      })
  void each_kind_of_error_is_named(String old, String changed, String message) {
    assertThat(TWO).contains(old);
    assertThat(
            failure(
                TWO.replaceFirst(java.util.regex.Pattern.quote(old), changed == null ? "" : changed)
                    + "tls: {plaintext: true}"))
        .hasMessageContaining(message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'' | tls.certificate: absent; expected certificate, key and authority, as several nodes talk",
        "tls: {certificate: nowhere.pem, plaintext: true} | nowhere.pem cannot be read",
        "tls: {certificate: nowhere.pem} | tls.key: absent; expected certificate, key and authority together",
        "tls: {certificate: nowhere.pem, plaintext: true} | tls.plaintext: true, but there are certificates",
      })
  void certificates_are_needed_whole(String tls, String message) {
    assertThat(failure(TWO + (tls == null ? "" : tls))).hasMessageContaining(message);
  }

  @Test
  void plain_text_is_for_loopback_only() {
    assertThat(failure(TWO.replace("\"::1\"", "node2.example.org") + "tls: {plaintext: true}"))
        .hasMessageContaining("tls.plaintext: true, but not every member's host is a loopback");
  }

  private NodeConfig parse(String yaml) throws ConfigException {
    return ConfigFile.parse("x", yaml, folder);
  }

  private ConfigException failure(String yaml) {
    var thrown = catchThrowableOfType(ConfigException.class, () -> parse(yaml));
    assertThat(thrown).as("no error for: %s", yaml).isNotNull();
    return thrown;
  }
}
