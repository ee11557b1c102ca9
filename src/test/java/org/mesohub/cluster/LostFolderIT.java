package org.mesohub.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mesohub.cluster.RaftConfig.Voter;

/** Nodes that come back without their log, and those that have none yet. */
class LostFolderIT {
  /** Many rounds of greetings. */
  private static final long WHILE_MS = 3_000;

  @TempDir Path folder;

  @Test
  void a_follower_that_lost_its_folder_is_taken_in_anew_and_votes() throws Exception {
    try (Trio trio = Trio.local(folder, 1, UnaryOperator.identity())) {
      for (int round = 0; round < 2; round++) {
        trio.submit("before-" + round);
        Trio.Node leader = trio.awaitLeader();
        Trio.Node lost = other(trio, leader);
        String before = incarnation(lost);
        comesBackEmpty(trio, lost);
        trio.submit("after-" + round);
        trio.awaitEqualStates();
        assertThat(incarnation(lost)).isNotEqualTo(before);

        Trio.Node third = third(trio, leader, lost);
        third.crash();
        trio.submit("by the vote of the new one-" + round);
        third.start();
        trio.awaitEqualStates();
      }
    }
  }

  @Test
  void a_leader_that_lost_its_folder_is_taken_in_anew() throws Exception {
    try (Trio trio = Trio.local(folder, 1, UnaryOperator.identity())) {
      trio.submit("before");
      Trio.Node lost = trio.awaitLeader();
      comesBackEmpty(trio, lost);
      trio.submit("after");
      trio.awaitEqualStates();
      assertThat(lost.machine.entries()).contains("before", "after");
    }
  }

  @Test
  void a_node_without_its_log_helps_nobody_who_missed_what_it_acknowledged() throws Exception {
    try (Trio trio = Trio.local(folder, 1, UnaryOperator.identity())) {
      trio.submit("early");
      trio.awaitEqualStates();
      Trio.Node leader = trio.awaitLeader();
      Trio.Node lost = other(trio, leader);
      Trio.Node stale = third(trio, leader, lost);
      stale.crash();
      trio.submit("kept"); // on the leader and on the one that is going to lose it
      lost.crash();
      lost.loseFolder();
      leader.crash();

      stale.start();
      lost.begin();
      Thread.sleep(WHILE_MS);
      assertThat(stale.log.status().leaderId()).as("leader of a stale and an empty node").isEmpty();
      assertThat(lost.isOpen()).as("log of the empty node open").isFalse();

      leader.start();
      lost.finish();
      trio.awaitEqualStates();
      assertThat(lost.machine.entries()).contains("early", "kept");
      trio.submit("late");
      trio.awaitEqualStates();
    }
  }

  @Test
  @Tag("slow")
  void an_old_copy_of_the_folder_takes_no_part() throws Exception {
    try (Trio trio = Trio.local(folder, 1, UnaryOperator.identity())) {
      trio.submit("before");
      Trio.Node node = other(trio, trio.awaitLeader());
      node.crash();
      Path copy = folder.resolve("copy");
      copy(folder.resolve(node.id), copy);
      node.loseFolder();
      node.start();
      awaitMember(trio, node);
      trio.submit("after");
      trio.awaitEqualStates();
      node.crash();
      node.loseFolder();
      copy(copy, folder.resolve(node.id));
      assertThatThrownBy(node::start).hasMessageContaining("old copy");
      trio.submit("the others go on");
    }
  }

  @Test
  @Tag("slow")
  void a_node_that_ends_while_it_joins_begins_anew_with_or_without_its_folder() throws Exception {
    try (Trio trio = Trio.local(folder, 1, UnaryOperator.identity())) {
      trio.submit("before");
      Trio.Node leader = trio.awaitLeader();
      Trio.Node lost = other(trio, leader);
      for (int round = 0; round < 4; round++) {
        lost.crash();
        if (round % 2 == 0) {
          lost.loseFolder();
        }
        lost.start(); // open, and perhaps not yet taken in
      }
      awaitMember(trio, lost);
      trio.submit("after");
      trio.awaitEqualStates();

      Trio.Node third = third(trio, leader, lost);
      third.crash();
      trio.submit("by the vote of the new one");
      third.start();
      trio.awaitEqualStates();
    }
  }

  @Test
  void logs_open_for_the_first_time_when_all_three_are_there() throws Exception {
    try (Trio trio = Trio.localDown(folder, UnaryOperator.identity())) {
      List<Trio.Node> nodes = List.copyOf(trio.nodes.values());
      nodes.get(0).begin();
      nodes.get(1).begin();
      Thread.sleep(WHILE_MS);
      assertThat(nodes.get(0).isOpen()).isFalse();
      assertThat(nodes.get(1).isOpen()).isFalse();
      nodes.get(2).begin();
      for (Trio.Node node : nodes) {
        node.finish();
      }
      trio.submit("first");
      trio.awaitEqualStates();
    }
  }

  @Test
  @Tag("slow")
  void five_open_their_logs_when_all_are_there_and_one_that_is_lost_votes_again() throws Exception {
    List<Voter> voters =
        Stream.of("n1", "n2", "n3", "n4", "n5").map(id -> new Voter(id, true)).toList();
    try (Trio trio = Trio.localDown(folder, voters)) {
      List<Trio.Node> nodes = List.copyOf(trio.nodes.values());
      for (Trio.Node node : nodes.subList(0, 4)) {
        node.begin();
      }
      Thread.sleep(WHILE_MS);
      assertThat(nodes.subList(0, 4)).noneMatch(Trio.Node::isOpen);
      nodes.get(4).begin();
      for (Trio.Node node : nodes) {
        node.finish();
      }
      trio.submit("of five");
      trio.awaitEqualStates();

      comesBackEmpty(trio, nodes.get(0));
      nodes.get(1).crash();
      nodes.get(2).crash();
      trio.submit("of the three others, one of them new");
      nodes.get(1).start();
      nodes.get(2).start();
      trio.awaitEqualStates();
    }
  }

  @Test
  @Tag("slow")
  void a_node_that_lost_its_vote_to_a_full_disk_is_taken_in_anew() throws Exception {
    try (Trio trio = Trio.local(folder, 1, UnaryOperator.identity())) {
      trio.submit("before");
      Trio.Node lost = other(trio, trio.awaitLeader());
      String before = incarnation(lost);
      lost.crash();
      Path log = folder.resolve(lost.id + "/raft/" + trio.config(lost.id).groupId());
      Files.write(log.resolve("current/raft-meta"), new byte[0]);
      lost.start();
      awaitMember(trio, lost);
      assertThat(incarnation(lost)).isNotEqualTo(before);
      trio.submit("after");
      trio.awaitEqualStates();
    }
  }

  @Test
  void nodes_that_name_other_voters_begin_nothing() throws Exception {
    UnaryOperator<RaftConfig> wrong =
        config ->
            config.nodeId().equals("n3")
                ? new RaftConfig(
                    config.nodeId(),
                    config.clusterId(),
                    Stream.concat(config.voters().stream(), Stream.of(new Voter("n4", true)))
                        .toList(),
                    config.folder(),
                    config.submitTimeout(),
                    config.election(),
                    config.snapshots(),
                    config.queue(),
                    config.rpc())
                : config;
    try (Trio trio = Trio.localDown(folder, wrong)) {
      List<Trio.Node> nodes = List.copyOf(trio.nodes.values());
      for (Trio.Node node : nodes) {
        node.begin();
      }
      Thread.sleep(WHILE_MS);
      assertThat(nodes).noneMatch(Trio.Node::isOpen);
    }
  }

  @Test
  void two_nodes_that_lost_their_folders_and_know_of_no_others_begin_nothing() throws Exception {
    List<Voter> voters = List.of(new Voter("n1", true), new Voter("n2", true));
    try (Trio trio = Trio.localDown(folder, voters)) {
      List<Trio.Node> nodes = List.copyOf(trio.nodes.values());
      for (Trio.Node node : nodes) {
        node.begin();
      }
      Thread.sleep(WHILE_MS);
      assertThat(nodes).noneMatch(Trio.Node::isOpen);
    }
  }

  private void comesBackEmpty(Trio trio, Trio.Node lost) throws Exception {
    lost.crash();
    lost.loseFolder();
    lost.start();
    awaitMember(trio, lost);
  }

  private void awaitMember(Trio trio, Trio.Node node) throws Exception {
    Path file = folder.resolve(node.id + "/raft/incarnation");
    trio.await(
        "taken in anew",
        () -> {
          try {
            return Files.readString(file).contains("MEMBER");
          } catch (IOException e) {
            return false;
          }
        });
    assertThat(node.log.admin().hasVoter(node.id)).isTrue();
  }

  private String incarnation(Trio.Node node) throws Exception {
    String id = Files.readString(folder.resolve(node.id + "/raft/incarnation")).split(" ", -1)[0];
    return UUID.fromString(id).toString();
  }

  private static Trio.Node other(Trio trio, Trio.Node node) {
    return trio.running().stream().filter(other -> other != node).findFirst().orElseThrow();
  }

  private static Trio.Node third(Trio trio, Trio.Node one, Trio.Node two) {
    return trio.nodes.values().stream()
        .filter(node -> node != one && node != two)
        .findFirst()
        .orElseThrow();
  }

  private static void copy(Path from, Path to) throws Exception {
    try (var files = Files.walk(from)) {
      for (Path file : files.toList()) {
        Files.copy(file, to.resolve(from.relativize(file).toString()));
      }
    }
  }
}
