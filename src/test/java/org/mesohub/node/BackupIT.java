package org.mesohub.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.vertx.core.Future;
import io.vertx.grpc.common.GrpcStatus;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mesohub.cli.Cli;
import org.mesohub.cli.Console;
import org.mesohub.node.OracleWorld.Key;
import org.mesohub.node.OracleWorld.Row;
import org.mesohub.proto.v1.BackupBegin;
import org.mesohub.proto.v1.BackupChunk;
import org.mesohub.proto.v1.BackupHeader;
import org.mesohub.proto.v1.BackupRequest;
import org.mesohub.proto.v1.BackupResponse;
import org.mesohub.proto.v1.BackupServiceGrpcClient;
import org.mesohub.proto.v1.BackupWant;
import org.mesohub.proto.v1.DeleteRequest;
import org.mesohub.proto.v1.PutResponse;
import org.mesohub.proto.v1.RestoreChunks;
import org.mesohub.proto.v1.RestoreRequest;
import org.mesohub.proto.v1.Selection;
import org.mesohub.segment.ChunkId;

/** Copies of whole nodes, by the command line and by hand. */
class BackupIT {
  private static final long TEN_OCLOCK = 1_521_194_400_000_000L;
  private static final long MINUTE = 60_000_000L;
  private static final int ROWS = 4_000;
  private static final String STATIONS =
      "primary id,secondary id,station name,state,country,latitude,longitude,elevation,"
          + "mesowest network id,network name,status,primary provider id,primary provider,"
          + "secondary provider id,secondary provider,tertiary provider id,tertiary provider,"
          + "wims_id;\n"
          + "S1,,Chris Crusta Airport,LA,US,29.97578,-92.08422,4.9,1,NWS/FAA,ACTIVE,2,NWS,,,,,;\n";

  @TempDir Path folder;
  private NodeFixture node;
  private NodeFixture other;
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  @BeforeEach
  void start() {
    node = new NodeFixture(folder.resolve("a"));
    other = new NodeFixture(folder.resolve("b"));
  }

  @AfterEach
  void close() {
    node.close();
    other.close();
  }

  /** Puts, corrections, a deletion, a station list, inline and stored runs, history. */
  private void fill() {
    node.put(file("A", 0, ROWS, "1.5"), 1);
    node.put(file("A", ROWS / 2, ROWS, "2.5"), 2);
    node.put(STATIONS.getBytes(StandardCharsets.US_ASCII), 3);
    node.delete(
        DeleteRequest.newBuilder()
            .setSelection(Selection.newBuilder().addStations("1/A7"))
            .build());
    node.compact();
    node.put(file("B", 0, 20, "3.5"), 4);
    node.put(file("A", 10, 20, "4.5"), 5);
  }

  @Test
  void a_restored_node_gives_every_answer_of_the_copied_one_and_goes_on() {
    fill();
    Map<String, String> answers = answers(node);
    PutResponse put = node.put(file("A", 10, 20, "4.5"), 5);

    assertThat(run(node, "backup", backup())).isZero();
    PutResponse next = node.put(file("A", 0, 100, "9.5"), 6);
    assertThat(run(other, "restore", backup())).as(err.toString()).isZero();

    assertThat(out.toString()).startsWith("commit 6 restored: ");
    assertThat(answers(other)).isEqualTo(answers).hasSizeGreaterThan(8);
    assertThat(other.status().getCluster()).isNotEqualTo(node.status().getCluster());
    other.restart();
    assertThat(answers(other)).isEqualTo(answers);
    assertThat(other.put(file("A", 10, 20, "4.5"), 5)).isEqualTo(put);
    assertThat(put.getReplayed()).isTrue();
    assertThat(other.put(file("A", 0, 100, "9.5"), 6).toBuilder().setPutId("").build())
        .isEqualTo(next.toBuilder().setPutId("").build());
    other.compact();
    node.compact();
    assertThat(get(other)).isEqualTo(get(node));
    assertThat(get(other, "--history").lines()).hasSameSizeAs(get(node, "--history").split("\n"));
  }

  @Test
  void one_node_is_copied_into_another_without_a_folder() {
    fill();
    Map<String, String> answers = answers(node);
    assertThat(run(node, "backup", "--to", "127.0.0.1:" + other.port()))
        .as(err.toString())
        .isZero();
    assertThat(answers(other)).isEqualTo(answers);

    assertThat(run(node, "backup", "--to", "127.0.0.1:" + other.port())).isEqualTo(4);
    assertThat(err.toString()).contains("not empty");
    assertThat(answers(other)).isEqualTo(answers);
  }

  @Test
  @Tag("slow")
  void a_copy_is_of_one_commit_whatever_is_put_and_collected_meanwhile() {
    fill();
    Map<String, String> answers = answers(node);
    var copy = node.talk(BackupServiceGrpcClient.Backup);
    copy.send(begin());
    BackupHeader header = copy.next().getHeader();
    byte[] catalogue = copy.next().getCatalogue().toByteArray();
    List<ByteString> ids = copy.next().getIds().getIdsList();
    assertThat(ids).hasSize((int) header.getChunks());

    for (int i = 0; i < 5; i++) {
      node.put(file("A", 0, ROWS, i + ".25"), 0);
      node.compact();
    }

    List<RestoreRequest> messages = new ArrayList<>();
    messages.add(RestoreRequest.newBuilder().setHeader(header).build());
    messages.add(RestoreRequest.newBuilder().setCatalogue(ByteString.copyFrom(catalogue)).build());
    for (ByteString id : ids) {
      copy.send(BackupRequest.newBuilder().setWant(BackupWant.newBuilder().addIds(id)).build());
      BackupChunk chunk = copy.next().getChunk();
      assertThat(chunk.getId()).isEqualTo(id);
      messages.add(chunks(chunk));
    }
    copy.end();
    assertThat(copy.next()).isNull();

    NodeFixture.await(other.call(BackupServiceGrpcClient.Restore, messages));
    assertThat(answers(other)).isEqualTo(answers);
  }

  @Test
  void puts_go_on_while_a_folder_is_written() throws Exception {
    fill();
    List<Future<PutResponse>> puts = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      puts.add(node.putting(file("C" + i, 0, 50, "1.5"), 100 + i, false));
      if (i == 10) {
        assertThat(run(node, "backup", backup())).as(err.toString()).isZero();
      }
    }
    puts.forEach(NodeFixture::await);
    assertThat(run(other, "restore", backup())).as(err.toString()).isZero();
    long commit = Long.parseLong(line("commit"));
    assertThat(get(other)).isEqualTo(get(node, "--as-of", "" + commit));
  }

  @Test
  void a_second_backup_fetches_only_what_is_new_and_pruning_removes_what_is_old() throws Exception {
    fill();
    run(node, "backup", backup());
    long first = chunkFiles();
    assertThat(run(node, "backup", backup())).isZero();
    assertThat(out.toString()).contains("of these 0 chunks, 0 B fetched");

    node.put(file("D", 0, ROWS, "1.5"));
    node.compact();
    Map<String, String> answers = answers(node);
    assertThat(run(node, "backup", backup())).isZero();
    assertThat(out.toString()).doesNotContain("of these 0 chunks");
    long second = chunkFiles();
    assertThat(second).isGreaterThan(first);

    assertThat(run(node, "backup", backup(), "--prune")).isZero();
    assertThat(chunkFiles()).isLessThan(second).isEqualTo(Long.parseLong(line("chunks")));
    assertThat(names(folder.resolve("copy")))
        .containsExactly(
            ".lock", "BACKUP", "catalogue-" + line("catalogue"), "chunks", "list-" + line("list"));
    assertThat(run(other, "restore", backup())).as(err.toString()).isZero();
    assertThat(answers(other)).isEqualTo(answers);
  }

  @Test
  void a_folder_with_a_flipped_byte_or_a_part_missing_is_not_sent_and_can_be_mended()
      throws Exception {
    fill();
    run(node, "backup", backup());
    List<Path> files = new ArrayList<>();
    try (Stream<Path> all = Files.walk(folder.resolve("copy"))) {
      all.filter(file -> Files.isRegularFile(file) && !file.endsWith(".lock")).forEach(files::add);
    }
    assertThat(files).hasSizeGreaterThan(4);
    for (Path file : files) {
      byte[] whole = Files.readAllBytes(file);
      if (!file.endsWith("BACKUP")) {
        byte[] flipped = whole.clone();
        flipped[flipped.length / 2] ^= 1;
        Files.write(file, flipped);
        assertThat(run(other, "restore", backup())).as("%s", file).isEqualTo(2);
        assertThat(err.toString()).contains("nothing was sent").contains(file.toString());
      }
      Files.delete(file);
      assertThat(run(other, "restore", backup())).as("%s", file).isEqualTo(2);
      Files.write(file, whole);
    }
    assertThat(run(other, "restore", backup(), "--check")).isZero();
    assertThat(other.status().getCommit()).isZero();

    Path chunk =
        files.stream().filter(file -> file.toString().contains("chunks")).findFirst().orElseThrow();
    byte[] whole = Files.readAllBytes(chunk);
    byte[] flipped = whole.clone();
    flipped[0] ^= 1;
    Files.write(chunk, flipped);
    assertThat(run(node, "backup", backup(), "--verify")).isZero();
    assertThat(err.toString()).contains("is damaged and fetched again");
    assertThat(Files.readAllBytes(chunk)).isEqualTo(whole);
    assertThat(run(other, "restore", backup(), "--check")).isZero();
  }

  @Test
  void a_restore_that_is_cut_off_changes_nothing_leaves_garbage_and_can_be_made_again() {
    fill();
    Map<String, String> answers = answers(node);
    assertThat(run(node, "backup", backup())).isZero();
    List<RestoreRequest> messages = messages();

    var cut = other.talk(BackupServiceGrpcClient.Restore);
    messages.subList(0, messages.size() - 1).forEach(cut::send);
    assertThatThrownBy(
            () -> NodeFixture.await(other.call(BackupServiceGrpcClient.Restore, messages)))
        .hasMessageContaining("another restore is in progress");
    cut.cancel();
    assertThat(other.status().getCommit()).isZero();

    assertThatThrownBy(() -> restoreLater(messages.subList(0, messages.size() - 1)))
        .isInstanceOfSatisfying(
            NodeFixture.Refused.class,
            e -> assertThat(e.status).isEqualTo(GrpcStatus.INVALID_ARGUMENT))
        .hasMessageContaining("was not sent");
    assertThat(other.status().getCommit()).isZero();
    other.compact();

    assertThat(run(other, "restore", backup())).as(err.toString()).isZero();
    assertThat(answers(other)).isEqualTo(answers);
  }

  @Test
  void bytes_under_a_wrong_name_and_copies_of_newer_releases_are_refused() {
    fill();
    run(node, "backup", backup());
    List<RestoreRequest> messages = messages();

    var wrong = new ArrayList<>(messages);
    BackupChunk chunk = messages.get(messages.size() - 1).getChunks().getChunks(0);
    wrong.set(
        messages.size() - 1,
        chunks(chunk.toBuilder().setData(chunk.getData().concat(chunk.getId())).build()));
    assertRefused(wrong, "does not have that hash");

    BackupHeader header = messages.get(0).getHeader();
    var newer = new ArrayList<>(messages);
    newer.set(0, RestoreRequest.newBuilder().setHeader(header.toBuilder().setFormat(2)).build());
    assertRefused(newer, "use the release that wrote it");

    var cut = new ArrayList<>(messages);
    byte[] nonsense = "no catalogue".getBytes(StandardCharsets.US_ASCII);
    cut.set(
        0,
        RestoreRequest.newBuilder()
            .setHeader(
                header.toBuilder()
                    .setCatalogueBytes(nonsense.length)
                    .setCatalogueId(ByteString.copyFrom(ChunkId.of(nonsense).hash())))
            .build());
    cut.set(1, RestoreRequest.newBuilder().setCatalogue(ByteString.copyFrom(nonsense)).build());
    assertRefused(cut, "cannot be read");
    assertRefused(messages.subList(1, messages.size()), "begins with its header");
    assertThat(other.status().getCommit()).isZero();

    other.put(file("E", 0, 1, "1.5"));
    assertRefused(messages, "not empty");
    assertThat(other.status().getCommit()).isEqualTo(1);
  }

  @Test
  void only_chunks_of_the_copy_are_sent() {
    fill();
    var copy = node.talk(BackupServiceGrpcClient.Backup);
    copy.send(begin());
    assertThat(copy.next().hasHeader()).isTrue();
    ByteString unknown = ByteString.copyFrom(new byte[ChunkId.BYTES]);
    copy.send(BackupRequest.newBuilder().setWant(BackupWant.newBuilder().addIds(unknown)).build());
    assertThatThrownBy(
            () -> {
              while (copy.next() != null) {}
            })
        .hasMessageContaining("is none of this copy");
  }

  @Test
  void a_client_that_wants_much_more_than_it_takes_gets_it_all_in_order() {
    fill();
    var copy = node.talk(BackupServiceGrpcClient.Backup);
    copy.send(begin());
    BackupHeader header = copy.next().getHeader();
    assertThat(copy.next().getCatalogue().size()).isEqualTo(header.getCatalogueBytes());
    List<ByteString> ids = copy.next().getIds().getIdsList();
    List<ByteString> wanted = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      var want = BackupWant.newBuilder();
      for (int j = 0; j < 64; j++) {
        want.addIds(ids.get((i + j) % ids.size()));
      }
      wanted.addAll(want.getIdsList());
      copy.send(BackupRequest.newBuilder().setWant(want).build());
    }
    copy.end();
    for (ByteString id : wanted) {
      assertThat(copy.next().getChunk().getId()).isEqualTo(id);
    }
    assertThat(copy.next()).isNull();
  }

  @Test
  void an_empty_cluster_is_copied_too() {
    assertThat(run(node, "backup", backup())).as(err.toString()).isZero();
    assertThat(run(other, "restore", backup())).as(err.toString()).isZero();
    assertThat(other.status().getCommit()).isZero();
    assertThat(other.put(file("E", 0, 1, "1.5")).getStored()).isOne();
  }

  private void assertRefused(List<RestoreRequest> messages, String why) {
    assertThatThrownBy(() -> restoreLater(messages))
        .isInstanceOfSatisfying(
            NodeFixture.Refused.class,
            e -> assertThat(e.status).isEqualTo(GrpcStatus.INVALID_ARGUMENT))
        .hasMessageContaining(why);
  }

  /** Restores, once the restore before, which may just have been cut off, is gone. */
  private void restoreLater(List<RestoreRequest> messages) {
    while (true) {
      try {
        NodeFixture.await(other.call(BackupServiceGrpcClient.Restore, messages));
        return;
      } catch (NodeFixture.Refused e) {
        if (e.status != GrpcStatus.RESOURCE_EXHAUSTED) {
          throw e;
        }
      }
    }
  }

  /** All messages of a restore of the node: header, catalogue, then each chunk. */
  private List<RestoreRequest> messages() {
    List<RestoreRequest> messages = new ArrayList<>();
    var copy = node.talk(BackupServiceGrpcClient.Backup);
    copy.send(begin());
    List<ByteString> ids = new ArrayList<>();
    long wanted = 1;
    while (ids.isEmpty()) {
      BackupResponse message = copy.next();
      if (message.hasHeader()) {
        messages.add(RestoreRequest.newBuilder().setHeader(message.getHeader()).build());
        wanted = message.getHeader().getChunks();
      } else if (message.hasIds()) {
        ids.addAll(message.getIds().getIdsList());
      } else {
        messages.add(RestoreRequest.newBuilder().setCatalogue(message.getCatalogue()).build());
      }
    }
    assertThat(ids).hasSize((int) wanted);
    copy.send(BackupRequest.newBuilder().setWant(BackupWant.newBuilder().addAllIds(ids)).build());
    copy.end();
    for (BackupResponse message = copy.next(); message != null; message = copy.next()) {
      messages.add(chunks(message.getChunk()));
    }
    return messages;
  }

  private static RestoreRequest chunks(BackupChunk chunk) {
    return RestoreRequest.newBuilder()
        .setChunks(RestoreChunks.newBuilder().addChunks(chunk))
        .build();
  }

  private static BackupRequest begin() {
    return BackupRequest.newBuilder().setBegin(BackupBegin.getDefaultInstance()).build();
  }

  /** What a node says to every kind of question, by question. */
  private Map<String, String> answers(NodeFixture of) {
    Map<String, String> answers = new TreeMap<>();
    answers.put("get", get(of));
    answers.put("history", get(of, "--history"));
    for (long commit = 1; commit <= of.status().getCommit(); commit++) {
      answers.put("as of " + commit, get(of, "--as-of", "" + commit));
    }
    for (String command : List.of("latest", "stations", "days")) {
      assertThat(run(of, command)).as(err.toString()).isZero();
      answers.put(command, out.toString());
    }
    return answers;
  }

  private String get(NodeFixture of, String... more) {
    List<String> args = new ArrayList<>(List.of("get"));
    args.addAll(List.of(more));
    assertThat(run(of, args.toArray(String[]::new))).as(err.toString()).isZero();
    return out.toString();
  }

  private String backup() {
    return folder.resolve("copy").toString();
  }

  /** What the backup's label says. */
  private String line(String name) throws IOException {
    return Files.readAllLines(folder.resolve("copy/BACKUP")).stream()
        .filter(line -> line.startsWith(name + ": "))
        .findFirst()
        .orElseThrow()
        .substring(name.length() + 2);
  }

  private long chunkFiles() throws IOException {
    try (Stream<Path> files = Files.walk(folder.resolve("copy/chunks"))) {
      return files.filter(Files::isRegularFile).count();
    }
  }

  private static List<String> names(Path of) {
    try (Stream<Path> files = Files.list(of)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private int run(NodeFixture of, String... args) {
    out.reset();
    err.reset();
    var console =
        new Console(
            new ByteArrayInputStream(new byte[0]),
            out,
            new PrintStream(err, true),
            false,
            false,
            false,
            Map.of("MESOHUB_NODE", "127.0.0.1:" + of.port()));
    return Cli.run(args, console);
  }

  /** Rows of stations whose names begin so, a minute apart each. */
  private static byte[] file(String stations, int from, int to, String value) {
    List<Row> rows = new ArrayList<>();
    for (int i = from; i < to; i++) {
      rows.add(
          new Row(
              new Key("1", stations + i % 10, TEN_OCLOCK + i / 10 * MINUTE),
              Map.of("TMPF", value)));
    }
    return OracleWorld.file(List.of("TMPF"), rows);
  }
}
