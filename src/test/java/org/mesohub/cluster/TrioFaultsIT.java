package org.mesohub.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mesohub.cluster.LedgerMachine.Line;

/**
 * Writers at a log whose network loses, repeats, delays and reorders frames, while links are cut
 * and nodes crash. Whatever happens: one leader per term, nodes never disagree on what they have
 * applied, and what was acknowledged is there in the end. The faults follow a seed; how threads
 * interleave does not.
 */
class TrioFaultsIT {
  private static final int WRITERS = 4;

  @TempDir Path folder;

  @Test
  void acknowledgedEntriesOutliveABadNetwork() throws Exception {
    run(1, 8);
  }

  @Test
  @Tag("slow")
  void acknowledgedEntriesOutliveABadNetworkForTwentySeeds() throws Exception {
    for (int seed = 10; seed < 30; seed++) {
      run(seed, 20);
    }
  }

  private void run(int seed, int rounds) throws Exception {
    Random random = new Random(seed);
    Queue<String> acknowledged = new ConcurrentLinkedQueue<>();
    Map<Long, String> leaders = new ConcurrentHashMap<>();
    Queue<String> wrong = new ConcurrentLinkedQueue<>();
    AtomicBoolean stop = new AtomicBoolean();
    try (Trio trio =
        Trio.local(
            folder.resolve("seed" + seed),
            seed,
            config ->
                config
                    .withSubmitTimeout(Duration.ofMillis(1_500))
                    .withSnapshots(new RaftConfig.Snapshots(100, 4 << 20, false)))) {
      trio.nodes.values().forEach(node -> watch(node, leaders, wrong));
      trio.awaitLeader();
      List<Thread> writers = new ArrayList<>();
      AtomicInteger numbers = new AtomicInteger();
      for (int w = 0; w < WRITERS; w++) {
        Thread writer = new Thread(() -> write(trio, numbers, acknowledged, stop));
        writer.start();
        writers.add(writer);
      }
      AtomicInteger reads = new AtomicInteger();
      for (Trio.Node node : trio.nodes.values()) {
        Thread reader = new Thread(() -> read(node, acknowledged, wrong, reads, stop));
        reader.start();
        writers.add(reader);
      }
      for (int round = 0; round < rounds; round++) {
        disturb(trio, random, leaders, wrong);
        Thread.sleep(300 + random.nextInt(700));
        assertPrefixesEqual(trio, "seed %d round %d".formatted(seed, round));
      }
      trio.faults.heal();
      trio.faults.misbehave(0, 0, 0, 1);
      stop.set(true);
      for (Thread writer : writers) {
        writer.join();
      }
      trio.submit("last");
      trio.awaitEqualStates();
      assertThat(wrong).as("seed %d", seed).isEmpty();
      assertThat(acknowledged).as("seed %d", seed).isNotEmpty();
      assertThat(reads).as("seed %d", seed).hasPositiveValue();
      assertThat(trio.awaitLeader().machine.entries())
          .as("seed %d", seed)
          .containsAll(acknowledged);
    }
  }

  /** One leader per term. */
  private static void watch(Trio.Node node, Map<Long, String> leaders, Queue<String> wrong) {
    node.log.onLeader(
        change -> {
          if (change.ready()) {
            String other = leaders.putIfAbsent(change.term(), change.leaderId());
            if (other != null && !other.equals(change.leaderId())) {
              wrong.add("term %d: %s and %s".formatted(change.term(), other, change.leaderId()));
            }
          }
        });
  }

  private static void disturb(
      Trio trio, Random random, Map<Long, String> leaders, Queue<String> wrong) throws Exception {
    String victim = trio.ids.get(random.nextInt(trio.ids.size()));
    List<String> others = trio.ids.stream().filter(id -> !id.equals(victim)).toList();
    switch (random.nextInt(6)) {
      case 0 -> trio.faults.misbehave(0.05, 0.05, 0.3, 150);
      case 1 -> trio.faults.misbehave(0.3, 0.3, 0.5, 400);
      case 2 -> trio.faults.isolate(victim, others);
      case 3 -> trio.faults.cut(victim, others.get(0)); // one way only
      case 4 -> {
        Trio.Node node = trio.nodes.get(victim);
        node.crash();
        Thread.sleep(random.nextInt(1_000));
        node.start();
        watch(node, leaders, wrong);
      }
      default -> {
        trio.faults.heal();
        trio.faults.misbehave(0, 0, 0, 1);
      }
    }
  }

  /** Reads at a node while it believes to lead: what was acknowledged before is there. */
  private static void read(
      Trio.Node node,
      Queue<String> acknowledged,
      Queue<String> wrong,
      AtomicInteger reads,
      AtomicBoolean stop) {
    while (!stop.get()) {
      try {
        RatisLog log = node.log;
        if (log != null && log.status().isLeader()) {
          List<String> before = List.copyOf(acknowledged);
          LedgerMachine machine = node.machine;
          Trio.await(log.barrier());
          if (!machine
              .entries()
              .containsAll(before.subList(Math.max(0, before.size() - 5), before.size()))) {
            wrong.add("a stale read at " + node.id + " in term " + log.status().term());
          }
          reads.incrementAndGet();
        }
        Thread.sleep(5);
      } catch (Exception refused) {
        // Nothing was promised.
      }
    }
  }

  private static void write(
      Trio trio, AtomicInteger numbers, Queue<String> acknowledged, AtomicBoolean stop) {
    while (!stop.get()) {
      String entry = "entry-" + numbers.incrementAndGet();
      try {
        for (Trio.Node leader : trio.leader().stream().toList()) {
          Trio.await(leader.send(entry));
          acknowledged.add(entry);
        }
        Thread.sleep(2);
      } catch (Exception refused) {
        // Nothing was promised.
      }
    }
  }

  private static void assertPrefixesEqual(Trio trio, String where) {
    List<List<Line>> states = trio.running().stream().map(node -> node.machine.lines()).toList();
    for (List<Line> one : states) {
      for (List<Line> other : states) {
        int common = Math.min(one.size(), other.size());
        assertThat(one.subList(0, common)).as(where).isEqualTo(other.subList(0, common));
      }
    }
  }
}
