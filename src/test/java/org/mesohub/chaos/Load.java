package org.mesohub.chaos;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.LongAdder;
import org.mesohub.cli.NodeConnection;
import org.mesohub.cli.NodeConnection.Effect;
import org.mesohub.proto.v1.LatestRequest;
import org.mesohub.proto.v1.PutRequest;
import org.mesohub.proto.v1.PutResponse;
import org.mesohub.proto.v1.QueryRequest;
import org.mesohub.proto.v1.QueryResponse;

/**
 * Clients that put and read until told to stop, each on a thread of its own, and record what they
 * see. Every attempt goes to a random node; an attempt that failed or got no answer is repeated
 * with the same token.
 */
final class Load {
  private static final int KEYS = 240;
  private static final int KEYS_PER_PUT_MAX = 4;
  private static final int KEYS_PER_READ_MAX = 8;
  private static final int FINAL_READ_KEYS = 48;
  private static final int RECENT = 32;

  /** How long one put is tried before it counts as indeterminate. */
  private static final long PUT_PATIENCE_NANOS = 30_000_000_000L;

  private static final long FIRST_PAUSE_MILLIS = 20;
  private static final long PAUSE_MILLIS_MAX = 200;

  /** Values are sequence × this + number of the writer + 1. */
  private static final int WRITERS_MAX = 100;

  /**
   * How much to do.
   *
   * @param pauseMillis of each client between two operations
   * @param bigOneIn one put in so many is big; 0: none
   */
  record Plan(long seed, int writers, int readers, int pauseMillis, int bigOneIn) {
    Plan {
      if (writers > WRITERS_MAX) {
        throw new IllegalArgumentException("at most " + WRITERS_MAX + " writers");
      }
    }
  }

  private final Plan plan;
  private final List<NodeConnection> nodes;
  private final HistoryFile history;
  private final String run;
  private final Rows rows;
  private final List<Thread> threads = new ArrayList<>();
  private final AtomicLongArray recent = new AtomicLongArray(RECENT);
  private final LongAdder acknowledged = new LongAdder();
  private volatile boolean stopping;

  Load(Plan plan, List<NodeConnection> nodes, HistoryFile history) {
    this.plan = plan;
    this.nodes = nodes;
    this.history = history;
    this.run = "chaos-" + Long.toHexString(System.currentTimeMillis());
    this.rows = new Rows(run);
  }

  void start() {
    for (int i = 0; i < plan.writers; i++) {
      int writer = i;
      start("w" + i, random -> write(writer, random));
    }
    for (int i = 0; i < plan.readers; i++) {
      String name = "r" + i;
      start(name, random -> read(name, random));
    }
  }

  private void start(String name, java.util.function.Consumer<Random> client) {
    var random = new Random(plan.seed * 1_000 + threads.size());
    var thread = new Thread(() -> client.accept(random), name);
    thread.setDaemon(true);
    thread.start();
    threads.add(thread);
  }

  /** How many puts were acknowledged; one that was repeated after that counts once. */
  long acknowledged() {
    return acknowledged.sum();
  }

  /** Ends all clients; what they have begun is finished first. */
  void stop() throws InterruptedException {
    stopping = true;
    for (Thread thread : threads) {
      thread.join();
    }
  }

  /** Reads every key at every node. True when all answered; tried until then for a bounded time. */
  boolean readAll(long patienceMillis) {
    long giveUp = System.nanoTime() + patienceMillis * 1_000_000;
    boolean all = true;
    for (NodeConnection node : nodes) {
      for (int from = 0; from < KEYS; from += FINAL_READ_KEYS) {
        var keys = new ArrayList<String>();
        for (int i = from; i < Math.min(KEYS, from + FINAL_READ_KEYS); i++) {
          keys.add(Rows.key(i));
        }
        boolean done = readOnce("last", node, keys, false);
        while (!done && System.nanoTime() < giveUp) {
          pause(PAUSE_MILLIS_MAX);
          done = readOnce("last", node, keys, false);
        }
        all &= done;
      }
    }
    return all;
  }

  private void write(int writer, Random random) {
    String client = run + "-w" + writer;
    for (long sequence = 1; !stopping; sequence++) {
      long value = sequence * WRITERS_MAX + writer + 1;
      List<String> keys = keys(random, 1 + random.nextInt(KEYS_PER_PUT_MAX));
      boolean big = plan.bigOneIn > 0 && random.nextInt(plan.bigOneIn) == 0;
      List<PutRequest> messages =
          rows.put(client, sequence, keys, value, big ? new Random(value) : null);
      String token = client + "/" + sequence;
      boolean done = put("w" + writer, token, value, keys, messages, random);
      if (done) {
        acknowledged.increment();
        if (random.nextInt(20) == 0) {
          put("w" + writer, token, value, keys, messages, random);
        }
      }
      keys.forEach(key -> recent.set(random.nextInt(RECENT), Integer.parseInt(key.substring(1))));
      pause(plan.pauseMillis / 2 + random.nextInt(plan.pauseMillis + 1));
    }
  }

  private boolean put(
      String client,
      String token,
      long value,
      List<String> keys,
      List<PutRequest> messages,
      Random random) {
    long begin = System.nanoTime();
    long last = begin;
    Op.Outcome outcome = Op.Outcome.FAIL;
    long commit = 0;
    var note = new StringBuilder();
    long wait = FIRST_PAUSE_MILLIS;
    for (int attempt = 1; ; attempt++) {
      NodeConnection node = nodes.get(random.nextInt(nodes.size()));
      last = System.nanoTime();
      try {
        PutResponse answer = node.put(messages);
        outcome = Op.Outcome.OK;
        commit = answer.getCommit();
        note.append(node.address()).append(answer.getReplayed() ? " replayed" : "");
        break;
      } catch (NodeConnection.Failed e) {
        note(note, attempt, node.address() + " " + e.getMessage());
        if (e.effect() == Effect.UNKNOWN) {
          outcome = Op.Outcome.INDETERMINATE;
        }
        if (e.effect() == Effect.REFUSED || System.nanoTime() - begin > PUT_PATIENCE_NANOS) {
          break;
        }
      }
      pause(wait);
      wait = Math.min(PAUSE_MILLIS_MAX, wait * 2);
    }
    history.write(
        new Op.Put(
            client,
            token,
            begin,
            last,
            System.nanoTime(),
            outcome,
            commit,
            value,
            keys,
            note.toString()));
    return outcome == Op.Outcome.OK;
  }

  private static void note(StringBuilder note, int attempt, String text) {
    if (note.length() < 1_000) {
      note.append(attempt).append(": ").append(text).append("; ");
    }
  }

  private void read(String client, Random random) {
    while (!stopping) {
      int count = 1 + random.nextInt(KEYS_PER_READ_MAX);
      List<String> keys = keys(random, count);
      for (int i = 0; i < count / 2; i++) {
        String key = Rows.key((int) recent.get(random.nextInt(RECENT)));
        if (!keys.contains(key)) {
          keys.set(i, key);
        }
      }
      if (!readOnce(client, nodes.get(random.nextInt(nodes.size())), keys, random.nextBoolean())) {
        pause(PAUSE_MILLIS_MAX);
      }
      pause(plan.pauseMillis / 2 + random.nextInt(plan.pauseMillis + 1));
    }
  }

  private boolean readOnce(String client, NodeConnection node, List<String> keys, boolean latest) {
    long begin = System.nanoTime();
    try {
      List<QueryResponse> answer =
          latest
              ? node.latest(LatestRequest.newBuilder().setSelection(rows.selection(keys)).build())
              : node.query(QueryRequest.newBuilder().setSelection(rows.selection(keys)).build());
      long end = System.nanoTime();
      if (Rows.isWhole(answer)) {
        history.write(
            new Op.Read(
                client,
                begin,
                end,
                Op.Outcome.OK,
                Rows.commit(answer),
                keys,
                Rows.values(answer, keys),
                node.address()));
        return true;
      }
      failedRead(client, begin, keys, node.address() + " answer without an end");
    } catch (NodeConnection.Failed e) {
      failedRead(client, begin, keys, node.address() + " " + e.getMessage());
    }
    return false;
  }

  private void failedRead(String client, long begin, List<String> keys, String note) {
    history.write(
        new Op.Read(
            client,
            begin,
            System.nanoTime(),
            Op.Outcome.FAIL,
            0,
            keys,
            new long[keys.size()],
            note));
  }

  /** Distinct keys, in a list that can be changed. */
  private static List<String> keys(Random random, int count) {
    return new ArrayList<>(
        random.ints(0, KEYS).distinct().limit(count).mapToObj(Rows::key).toList());
  }

  private static void pause(long millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      throw new IllegalStateException("clients are not interrupted", e);
    }
  }
}
