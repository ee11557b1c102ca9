package org.mesohub.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.grpc.common.GrpcStatus;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mesohub.grpc.BatchCodec;
import org.mesohub.proto.v1.PutResponse;
import org.mesohub.proto.v1.PutToken;
import org.mesohub.proto.v1.QueryHeader;
import org.mesohub.proto.v1.QueryResponse;
import org.mesohub.proto.v1.Reject;

/** Whole command lines against a node that answers what the test wants. */
class CliIT {
  @TempDir Path folder;
  private final FakeNode node = new FakeNode();
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
  private String input = "";

  @AfterEach
  void close() {
    node.close();
  }

  @Test
  void a_put_sends_the_file_as_it_is_with_a_token_and_reports_in_one_line() throws Exception {
    byte[] big = new byte[700_000];
    Arrays.fill(big, (byte) 'x');
    Path file = Files.write(folder.resolve("a.gz"), big);
    node.putAnswer = PutResponse.newBuilder().setStored(52_997).setRejected(1).build();

    int code =
        run(
            "put",
            file.toString(),
            "--licence",
            "CC0-1.0",
            "--client",
            "feed",
            "--sequence",
            "4",
            "--token",
            "s3cret");

    assertThat(code).isZero();
    assertThat(text(out))
        .isEqualTo("52997 stored, 0 unchanged, 0 corrected, 1 rejected  " + file + "\n");
    assertThat(node.received.toByteArray()).isEqualTo(big);
    assertThat(node.headers).hasSize(1);
    assertThat(node.headers.get(0).getSource()).isEqualTo("a.gz");
    assertThat(node.headers.get(0).getLicence()).isEqualTo("CC0-1.0");
    assertThat(node.headers.get(0).getToken())
        .isEqualTo(PutToken.newBuilder().setClient("feed").setSequence(4).build());
    assertThat(node.authorizations).containsExactly("Bearer s3cret");
  }

  @Test
  void a_put_is_repeated_with_the_same_token_until_it_is_known_to_have_succeeded() {
    node.putFailures.addAll(
        List.of(
            Optional.of(GrpcStatus.UNAVAILABLE),
            Optional.empty(),
            Optional.of(GrpcStatus.DEADLINE_EXCEEDED)));

    assertThat(run("put", file("a"))).isZero();
    assertThat(node.headers).hasSize(4);
    assertThat(node.headers)
        .extracting(h -> h.getToken())
        .containsOnly(node.headers.get(0).getToken());
    assertThat(text(err)).contains("trying again").contains(FakeNode.SAID);
  }

  @Test
  void exit_codes_of_put_tell_what_is_known() {
    node.putFailures.add(Optional.of(GrpcStatus.INVALID_ARGUMENT));
    assertThat(run("put", file("a"))).isEqualTo(4);
    assertThat(text(err))
        .isEqualTo("mesohub: " + folder.resolve("a") + ": " + FakeNode.SAID + "\n");

    node.putFailures.add(Optional.of(GrpcStatus.UNAUTHENTICATED));
    assertThat(run("put", file("a"))).isEqualTo(4);

    node.putFailures.add(Optional.of(GrpcStatus.UNAVAILABLE));
    assertThat(run("put", file("a"), "--retries", "0")).isEqualTo(3);

    node.putFailures.add(Optional.empty());
    assertThat(run("put", file("a"), "--retries", "0", "--client", "me", "--sequence", "5"))
        .isEqualTo(5);
    assertThat(text(err)).contains("repeat with --client me --sequence 5");

    node.putFailures.add(Optional.of(GrpcStatus.INVALID_ARGUMENT));
    assertThat(run("put", file("a"), file("b"), "--parallel", "1")).isEqualTo(1);

    assertThat(run("put", folder.resolve("none").toString())).isEqualTo(2);
  }

  @Test
  void rejected_rows_fail_a_put_only_when_strict() {
    node.putAnswer =
        PutResponse.newBuilder()
            .setRejected(9)
            .setPutId("p7")
            .addFirstRejects(Reject.newBuilder().setLine(4).setReason("no time").setText("x y"))
            .build();
    assertThat(run("put", file("a"))).isZero();
    assertThat(text(err)).contains("a: line 4: no time: x y").contains("get --rejects --put p7");
    assertThat(run("put", file("a"), "--strict")).isEqualTo(1);
  }

  @Test
  void put_reads_standard_input_and_prints_json() {
    input = "rows";
    assertThat(run("put", "-", "--json", "--dry-run")).isZero();
    assertThat(text(out)).contains("\"stored\":3").contains("\"file\":\"-\"").endsWith("}\n");
    assertThat(node.received.toStringUtf8()).isEqualTo("rows");
    assertThat(node.headers.get(0).getDryRun()).isTrue();
  }

  @Test
  void get_writes_rows_as_csv() {
    node.answer = answer();
    assertThat(
            run(
                "--node",
                node.address(),
                "get",
                "--from",
                "2018-03-16",
                "--to",
                "2018-03-17",
                "-s",
                "1/KSLC,KPVU",
                "-w",
                "TMPF>80"))
        .isZero();
    assertThat(text(out).lines()).hasSize(3);
    assertThat(text(out)).contains("KSLC", "35.60", "2018-03-16");
    var selection = node.queries.get(0).getSelection();
    assertThat(selection.getToUs() - selection.getFromUs()).isEqualTo(86_400_000_000L);
    assertThat(selection.getStationsList()).containsExactly("1/KSLC", "KPVU");
    assertThat(selection.getWhere(0).getVariable()).isEqualTo("TMPF");
  }

  @Test
  void get_into_a_file_shows_it_only_when_complete() {
    node.answer = answer();
    Path target = folder.resolve("rows.csv");
    assertThat(run("get", "-o", target.toString())).isZero();
    assertThat(target).exists();

    Path broken = folder.resolve("broken.csv");
    node.answerFailure = Optional.of(GrpcStatus.UNAVAILABLE);
    assertThat(run("get", "-o", broken.toString())).isEqualTo(3);
    assertThat(text(err)).isEqualTo("mesohub: " + FakeNode.SAID + "\n");
    assertThat(folder).isDirectoryNotContaining("glob:**broken*");
  }

  @Test
  void an_answer_that_breaks_off_says_that_it_is_incomplete() {
    node.answer = answer();
    node.answerFailure = Optional.of(GrpcStatus.DATA_LOSS);
    assertThat(run("get")).isEqualTo(4);
    assertThat(text(err)).contains("INCOMPLETE after 2 rows: " + FakeNode.SAID);
  }

  @Test
  void a_connection_that_breaks_is_not_the_end_of_an_answer() {
    node.answer = answer();
    node.answerFailure = Optional.empty();
    assertThat(run("get")).isEqualTo(3);
    assertThat(text(err)).contains("INCOMPLETE after 2 rows");
  }

  @Test
  void a_reader_that_goes_away_ends_get_quietly() {
    node.answer = answer();
    OutputStream gone =
        new OutputStream() {
          @Override
          public void write(int b) throws IOException {
            throw new IOException("Broken pipe");
          }
        };
    assertThat(runWith(gone, "get")).isZero();
    assertThat(text(err)).isEmpty();
  }

  @Test
  void count_prints_the_number_alone() {
    node.answer =
        List.of(
            QueryResponse.newBuilder().setHeader(QueryHeader.newBuilder().setCount(42)).build());
    assertThat(run("get", "--count")).isZero();
    assertThat(text(out)).isEqualTo("42\n");
  }

  @Test
  void delete_wants_a_selection_and_a_confirmation() {
    assertThat(run("delete", "--yes")).isEqualTo(2);
    assertThat(run("delete", "-s", "KSLC")).isEqualTo(2);
    assertThat(node.deletes).isEmpty();

    assertThat(run("delete", "-s", "KSLC", "--dry-run")).isZero();
    assertThat(text(out)).isEqualTo("7 rows match\n");

    assertThat(run("delete", "-s", "KSLC", "--yes")).isZero();
    assertThat(text(out)).isEqualTo("7 rows deleted, commit 9\n");
    assertThat(node.deletes).extracting(d -> d.getDryRun()).containsExactly(true, true, false);
    assertThat(node.deletes.get(2).getToken().getClient()).isNotEmpty();
  }

  @Test
  void wrong_usage_and_unreachable_nodes_have_their_own_codes() {
    assertThat(run("get", "--from", "yesterday")).isEqualTo(2);
    assertThat(run("get", "--from", "2018-03-17", "--to", "2018-03-16")).isEqualTo(2);
    assertThat(run("get", "--nonsense")).isEqualTo(2);
    assertThat(run("nonsense")).isEqualTo(2);
    node.close();
    assertThat(run("status")).isEqualTo(3);
    assertThat(text(err)).contains("mesohub: cannot reach a node at").contains("--node");
  }

  private static List<QueryResponse> answer() {
    var rows = BatchRows.two();
    return List.of(
        QueryResponse.newBuilder()
            .setHeader(
                QueryHeader.newBuilder()
                    .addAllColumns(
                        BatchCodec.columnsOf(
                            rows.columns().stream().map(c -> c.column()).toList())))
            .build(),
        BatchRows.response(rows));
  }

  private String file(String name) {
    try {
      return Files.writeString(folder.resolve(name), "content of " + name).toString();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void the_next_of_several_nodes_is_called_when_one_is_away() throws Exception {
    try (var socket = new java.net.ServerSocket(0)) {
      String gone = "127.0.0.1:" + socket.getLocalPort();
      socket.close();
      assertThat(run("put", file("a.gz"), "--retries", "0", "--node", gone + "," + node.address()))
          .isEqualTo(0);
      assertThat(run("put", file("a.gz"), "--retries", "0", "--node", gone + "," + gone))
          .isEqualTo(3);
      assertThat(text(err)).contains("cannot reach a node at " + gone + ", " + gone);
    }
    assertThat(run("put", file("a.gz"), "--node", node.address() + ",")).isEqualTo(2);
  }

  @Test
  void a_put_is_repeated_at_the_next_node() throws Exception {
    try (var other = new FakeNode()) {
      node.putFailures.add(Optional.of(GrpcStatus.UNKNOWN));
      assertThat(run("put", file("a.gz"), "--node", node.address() + "," + other.address()))
          .isEqualTo(0);
      assertThat(node.headers).hasSize(1);
      assertThat(other.headers).hasSize(1);
      assertThat(other.headers.get(0).getToken()).isEqualTo(node.headers.get(0).getToken());
    }
  }

  private int run(String... args) {
    return runWith(out, args);
  }

  private int runWith(OutputStream to, String... args) {
    out.reset();
    err.reset();
    var console =
        new Console(
            new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)),
            to,
            new PrintStream(err, true),
            false,
            false,
            false,
            Map.of("MESOHUB_NODE", node.address()));
    return Cli.run(new ArrayList<>(List.of(args)).toArray(String[]::new), console);
  }

  private static String text(ByteArrayOutputStream stream) {
    return stream.toString(StandardCharsets.UTF_8);
  }
}
