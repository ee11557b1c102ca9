package org.mesohub.chaos;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * A replicated store of three nodes in one object, driven step by step: a leader's log, copied to
 * the others entry by entry, committed at two copies; elections of the node with the newest log.
 * Correct but for the fault planted in it.
 */
final class SimulatedStore {
  /** What the store does wrong. */
  enum Fault {
    NONE,
    /** Acknowledges what only the leader has. */
    ACKNOWLEDGES_BEFORE_QUORUM,
    /** Any node that believes to lead answers reads from what it has. */
    SKIPS_READ_BARRIER,
    /** Node 1 forgets the rows of some entries. */
    ONE_REPLICA_DROPS_WRITES,
    /** Some puts become visible in two commits. */
    TEARS_PUTS,
    /** A repeated token is a new put. */
    RUNS_TOKENS_TWICE
  }

  /** An entry: rows of one put, or none to confirm a new leader. */
  private record Entry(long term, String token, long value, List<String> keys) {}

  private static final int NODES = 3;

  private static final class Node {
    final List<Entry> log = new ArrayList<>();
    long term;
    int committed;
  }

  private final Fault fault;
  private final Random random;
  private final List<Node> nodes = List.of(new Node(), new Node(), new Node());
  private int leader;

  SimulatedStore(Fault fault, Random random) {
    this.fault = fault;
    this.random = random;
    elect();
  }

  /** Appends a put at the leader; true when it may be acknowledged at once. */
  boolean append(String token, long value, List<String> keys) {
    Node node = nodes.get(leader);
    if (fault != Fault.RUNS_TOKENS_TWICE && indexOf(node.log, token) >= 0) {
      return false;
    }
    if (fault == Fault.TEARS_PUTS && keys.size() > 1 && random.nextInt(4) == 0) {
      node.log.add(new Entry(node.term, token + " part", value, keys.subList(0, 1)));
      node.log.add(new Entry(node.term, token, value, keys.subList(1, keys.size())));
    } else {
      node.log.add(new Entry(node.term, token, value, keys));
    }
    return fault == Fault.ACKNOWLEDGES_BEFORE_QUORUM;
  }

  /** Commit of a put that is committed at the leader, or only appended where that is enough. */
  long commitOf(String token) {
    Node node = nodes.get(leader);
    int index = indexOf(node.log, token);
    boolean done = fault == Fault.ACKNOWLEDGES_BEFORE_QUORUM ? index >= 0 : index < node.committed;
    return index >= 0 && done ? index + 1 : 0;
  }

  private static int indexOf(List<Entry> log, String token) {
    for (int i = log.size() - 1; i >= 0; i--) {
      if (log.get(i).token.equals(token)) {
        return i;
      }
    }
    return -1;
  }

  /** One entry goes from the leader to another node; then the leader commits what two have. */
  void replicate() {
    Node from = nodes.get(leader);
    Node to = nodes.get((leader + 1 + random.nextInt(NODES - 1)) % NODES);
    to.term = from.term;
    int same = 0;
    while (same < Math.min(from.log.size(), to.log.size())
        && from.log.get(same).equals(to.log.get(same))) {
      same++;
    }
    if (same < from.log.size()) {
      to.log.subList(same, to.log.size()).clear();
      to.log.add(from.log.get(same));
      if (same >= from.committed && from.log.get(same).term == from.term) {
        from.committed = same + 1;
      }
    }
    to.committed = Math.max(to.committed, Math.min(from.committed, to.log.size()));
  }

  /** Another node leads, unless its log is older than both others'. */
  void elect() {
    int candidate = random.nextInt(NODES);
    Node node = nodes.get(candidate);
    int votes = 0;
    for (Node voter : nodes) {
      votes += isAsNew(node.log, voter.log) ? 1 : 0;
    }
    if (votes * 2 > NODES) {
      leader = candidate;
      node.term = nodes.stream().mapToLong(n -> n.term).max().orElseThrow() + 1;
      node.log.add(new Entry(node.term, "term " + node.term, 0, List.of()));
    }
  }

  private static boolean isAsNew(List<Entry> log, List<Entry> other) {
    long term = log.isEmpty() ? 0 : log.get(log.size() - 1).term;
    long otherTerm = other.isEmpty() ? 0 : other.get(other.size() - 1).term;
    return term > otherTerm || (term == otherTerm && log.size() >= other.size());
  }

  /** What a read shows: its commit and the values, or null when nobody can answer now. */
  Map.Entry<Long, long[]> read(List<String> keys) {
    int at = leader;
    if (fault == Fault.SKIPS_READ_BARRIER) {
      at = random.nextInt(NODES);
    } else if (indexOf(nodes.get(at).log, "term " + nodes.get(at).term)
        >= nodes.get(at).committed) {
      return null;
    }
    Node node = nodes.get(at);
    int upTo = fault == Fault.ACKNOWLEDGES_BEFORE_QUORUM ? node.log.size() : node.committed;
    var state = new HashMap<String, Long>();
    for (int i = 0; i < upTo; i++) {
      Entry entry = node.log.get(i);
      if (fault != Fault.ONE_REPLICA_DROPS_WRITES || at != 1 || entry.value % 5 != 0) {
        entry.keys.forEach(key -> state.put(key, entry.value));
      }
    }
    long[] values = keys.stream().mapToLong(key -> state.getOrDefault(key, Op.ABSENT)).toArray();
    return Map.entry((long) upTo, values);
  }
}
