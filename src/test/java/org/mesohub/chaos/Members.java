package org.mesohub.chaos;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.mesohub.cli.NodeConnection;
import org.mesohub.proto.v1.StatusResponse;

/**
 * The nodes of a test cluster, as its scripts left them in a file, and what they say of themselves.
 */
final class Members implements AutoCloseable {
  /**
   * A node.
   *
   * @param number by which the scripts know it
   * @param folder of its configuration, data and log
   */
  record Member(int number, String id, String address, Path folder) {}

  /**
   * What a node said.
   *
   * @param status null when it did not answer
   * @param problem why not; empty when it did
   */
  record Said(Member member, StatusResponse status, String problem) {
    boolean answers() {
      return status != null;
    }

    boolean leads() {
      return status != null && status.getNode().equals(status.getLeader());
    }
  }

  private static final Duration STATUS_PATIENCE = Duration.ofSeconds(3);

  private final List<Member> members = new ArrayList<>();
  private final List<NodeConnection> connections = new ArrayList<>();

  /** Reads the file of the scripts: number, id, address and folder of a node in each line. */
  Members(Path file, String token) throws IOException {
    for (String line : Files.readAllLines(file)) {
      String[] fields = line.split("\t", -1);
      members.add(
          new Member(Integer.parseInt(fields[0]), fields[1], fields[2], Path.of(fields[3])));
      connections.add(new NodeConnection(fields[2], token, STATUS_PATIENCE));
    }
  }

  List<Member> all() {
    return List.copyOf(members);
  }

  /** Connections for a load, with the patience of its attempts. */
  List<NodeConnection> connections(String token, Duration patience) {
    return members.stream()
        .map(member -> new NodeConnection(member.address, token, patience))
        .toList();
  }

  /** Asks all at once. */
  List<Said> ask() {
    var asked = new ArrayList<CompletableFuture<Said>>();
    for (int i = 0; i < members.size(); i++) {
      int at = i;
      asked.add(CompletableFuture.supplyAsync(() -> ask(at), Members::onThread));
    }
    return asked.stream().map(CompletableFuture::join).toList();
  }

  private static void onThread(Runnable work) {
    var thread = new Thread(work, "status");
    thread.setDaemon(true);
    thread.start();
  }

  /** Asks one, by position. */
  Said ask(int at) {
    try {
      return new Said(members.get(at), connections.get(at).status(), "");
    } catch (NodeConnection.Failed e) {
      return new Said(members.get(at), null, e.getMessage());
    }
  }

  /** Whether all answer, agree on one leader and have applied the same. */
  static boolean agree(List<Said> said) {
    return said.stream().allMatch(Said::answers)
        && said.stream().map(s -> s.status.getLeader()).distinct().count() == 1
        && said.stream().filter(Said::leads).count() == 1;
  }

  @Override
  public void close() {
    connections.forEach(NodeConnection::close);
  }
}
