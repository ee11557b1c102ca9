package org.mesohub.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mesohub.cli.Cli;
import org.mesohub.cli.Console;
import org.mesohub.config.ConfigFile;
import org.mesohub.tls.Authority;
import org.mesohub.tls.Certified;

/** Clusters that talk over TLS and know each other by certificates, driven by the command line. */
class PublicTlsIT {
  private static final String TOKENS =
      "security: {tokens: [{principal: ann, token: ann-has-this, rights: [read, put]}]}\n";

  @TempDir Path folder;
  private final List<NodeFixture> nodes = new ArrayList<>();
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
  private List<Integer> ports;
  private String idahoPrint;

  /** Idaho knows Utah by its authority, Utah knows Idaho by a fingerprint. */
  @BeforeEach
  void start() throws Exception {
    ports = NodeFixture.freePorts(3);
    certify("utah");
    idahoPrint = certify("idaho");
    nodes.add(
        node(
            "utah",
            ports.get(0),
            "plain: 127.0.0.1:%d\n".formatted(ports.get(2))
                + TOKENS
                + "peers: [{cluster: idaho, endpoints: ['127.0.0.1:%d'], tls: {fingerprint: '%s'}}]\n"
                    .formatted(ports.get(1), idahoPrint)));
    nodes.add(
        node(
            "idaho",
            ports.get(1),
            TOKENS
                + "peers: [{cluster: utah, endpoints: ['127.0.0.1:%d'], tls: {authority: '%s'}}]\n"
                    .formatted(ports.get(0), folder.resolve("utah-ca.pem"))));
  }

  @AfterEach
  void close() {
    nodes.forEach(NodeFixture::close);
  }

  /** Fingerprint of the node's certificate. */
  private String certify(String name) throws Exception {
    Authority authority =
        Authority.create(name, Instant.now(), Duration.ofDays(2), new SecureRandom());
    Certified node =
        authority.node("node1", List.of("127.0.0.1"), Instant.now(), Duration.ofDays(1));
    Files.writeString(folder.resolve(name + "-ca.pem"), authority.certified().certificatePem());
    Files.writeString(folder.resolve(name + ".pem"), node.certificatePem());
    Files.writeString(folder.resolve(name + "-key.pem"), node.keyPem());
    return HexFormat.ofDelimiter(":")
        .withUpperCase()
        .formatHex(MessageDigest.getInstance("SHA-256").digest(node.certificate().getEncoded()));
  }

  private NodeFixture node(String name, int port, String more) throws Exception {
    return new NodeFixture(
        ConfigFile.parse(
            name,
            """
            cluster: {id: %s}
            data: %s
            listen: 127.0.0.1:%d
            tls: {public: {certificate: %s.pem, key: %s-key.pem}}
            """
                    .formatted(name, folder.resolve(name), port, name, name)
                + more,
            folder));
  }

  private int run(int port, String... words) {
    out.reset();
    err.reset();
    var all = new ArrayList<>(List.of(words));
    all.add("--node=127.0.0.1:" + port);
    var console =
        new Console(
            new ByteArrayInputStream(new byte[0]),
            out,
            new PrintStream(err, true, StandardCharsets.UTF_8),
            false,
            false,
            false,
            Map.of("MESOHUB_TOKEN", "ann-has-this"));
    return Cli.run(all.toArray(String[]::new), console);
  }

  private String ca(String name) {
    return "--ca=" + folder.resolve(name + "-ca.pem");
  }

  private void put(int port, String ca, String row) throws IOException {
    Path file = folder.resolve("rows.csv");
    Files.writeString(file, "network,station,time,TMPF\n" + row + "\n");
    assertThat(run(port, "put", file.toString(), ca)).as(err::toString).isZero();
  }

  @Test
  void a_query_at_one_gives_the_rows_of_both() throws Exception {
    put(ports.get(0), ca("utah"), "8,KSLC,2018-03-01T12:00:00Z,50.5");
    put(ports.get(1), ca("idaho"), "9,KBOI,2018-03-02T12:00:00Z,40.25");
    for (int node = 0; node < 2; node++) {
      String ca = ca(node == 0 ? "utah" : "idaho");
      int port = ports.get(node);
      NodeFixture.eventually(
          "union",
          () -> {
            assertThat(run(port, "get", "--from=2018-03-01", "--to=2018-03-03", "--scope=all", ca))
                .as(err::toString)
                .isZero();
            assertThat(out.toString(StandardCharsets.UTF_8)).contains("50.5", "40.25");
            return 0;
          });
    }
  }

  @Test
  void who_has_no_certificate_of_theirs_and_no_token_is_nobody() {
    assertThat(run(ports.get(0), "status", ca("utah"))).isZero();
    assertThat(run(ports.get(0), "status", ca("utah"), "--token=somebody-else")).isNotZero();
    assertThat(err.toString(StandardCharsets.UTF_8)).contains("unknown token");
    assertThat(run(ports.get(0), "status", ca("idaho"))).as("another authority").isNotZero();
    assertThat(run(ports.get(0), "status", "--timeout=5s")).as("plain text").isNotZero();
  }

  @Test
  void a_cluster_with_another_certificate_is_refused_and_told_of() throws Exception {
    certify("nevada");
    int port = NodeFixture.freePorts(1).get(0);
    nodes.add(
        node(
            "nevada",
            port,
            TOKENS
                + "peers: [{cluster: utah, endpoints: ['127.0.0.1:%d'], tls: {authority: '%s'}},"
                    .formatted(ports.get(0), folder.resolve("utah-ca.pem"))
                + " {cluster: idaho, endpoints: ['127.0.0.1:%d'], tls: {fingerprint: '%s'}}]\n"
                    .formatted(ports.get(1), idahoPrint.replace(idahoPrint.charAt(0), '0'))));
    NodeFixture.eventually(
        "trouble",
        () -> {
          assertThat(run(port, "peer", "status", ca("nevada"))).isZero();
          assertThat(out.toString(StandardCharsets.UTF_8))
              .contains("utah")
              .doesNotContain("not connected yet", ": current");
          return 0;
        });
  }

  @Test
  void the_contract_of_2018_alone_is_served_in_plain_text() {
    assertThat(run(ports.get(2), "status", "--timeout=5s")).isNotZero();
    assertThat(err.toString(StandardCharsets.UTF_8)).contains("serves the contract of 2018 only");
  }
}
