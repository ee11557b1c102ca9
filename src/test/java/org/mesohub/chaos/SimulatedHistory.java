package org.mesohub.chaos;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Clients of a {@link SimulatedStore} and the history they record; everything follows from a seed.
 */
final class SimulatedHistory {
  private static final int WRITERS = 4;
  private static final int KEYS = 6;
  private static final int KEYS_PER_PUT_MAX = 3;

  /** A put under way. */
  private static final class Pending {
    final String token;
    final long value;
    final List<String> keys;
    final long begin;
    long lastBegin;
    boolean arrived;

    Pending(String token, long value, List<String> keys, long begin) {
      this.token = token;
      this.value = value;
      this.keys = keys;
      this.begin = begin;
      this.lastBegin = begin;
    }
  }

  private final Random random;
  private final SimulatedStore store;
  private final Pending[] pending = new Pending[WRITERS];
  private final List<Op> ops = new ArrayList<>();
  private long now;
  private long values;

  private SimulatedHistory(SimulatedStore.Fault fault, long seed) {
    this.random = new Random(seed);
    this.store = new SimulatedStore(fault, random);
  }

  static List<Op> of(SimulatedStore.Fault fault, long seed, int steps) {
    return new SimulatedHistory(fault, seed).run(steps);
  }

  private List<Op> run(int steps) {
    for (int i = 0; i < steps; i++) {
      now += 10;
      step();
    }
    for (int writer = 0; writer < WRITERS; writer++) {
      if (pending[writer] != null) {
        end(writer, Op.Outcome.INDETERMINATE, 0);
      }
    }
    for (int i = 0; i < 20; i++) {
      now += 10;
      store.elect();
      for (int copies = 0; copies < steps; copies++) {
        store.replicate();
      }
      read(keys(KEYS));
    }
    return ops;
  }

  private void step() {
    int what = random.nextInt(100);
    int writer = random.nextInt(WRITERS);
    if (what < 5) {
      store.elect();
    } else if (what < 40) {
      store.replicate();
    } else if (what < 60) {
      read(keys(KEYS_PER_PUT_MAX));
    } else if (pending[writer] == null) {
      if (random.nextInt(10) == 0) {
        refused(writer);
      } else {
        values++;
        pending[writer] = new Pending("w" + writer + "/" + values, values, someKeys(), now);
      }
    } else {
      goOn(writer);
    }
  }

  /** A put that the store refuses without doing anything. */
  private void refused(int writer) {
    values++;
    String token = "w" + writer + "/" + values;
    ops.add(
        new Op.Put(
            "w" + writer, token, now, now, now + 5, Op.Outcome.FAIL, 0, values, someKeys(), ""));
  }

  private void goOn(int writer) {
    Pending put = pending[writer];
    int luck = random.nextInt(20);
    if (!put.arrived) {
      put.arrived = true;
      store.append(put.token, put.value, put.keys);
    } else if (luck < 2) {
      put.lastBegin = now;
      put.arrived = false;
    } else if (luck == 2) {
      end(writer, Op.Outcome.INDETERMINATE, 0);
    } else if (store.commitOf(put.token) > 0) {
      end(writer, Op.Outcome.OK, store.commitOf(put.token));
    }
  }

  private void end(int writer, Op.Outcome outcome, long commit) {
    Pending put = pending[writer];
    pending[writer] = null;
    ops.add(
        new Op.Put(
            "w" + writer,
            put.token,
            put.begin,
            put.lastBegin,
            now + 5,
            outcome,
            commit,
            put.value,
            put.keys,
            ""));
  }

  private void read(List<String> keys) {
    var answer = store.read(keys);
    if (answer != null) {
      ops.add(
          new Op.Read(
              "r", now, now + 5, Op.Outcome.OK, answer.getKey(), keys, answer.getValue(), ""));
    }
  }

  private List<String> someKeys() {
    return keys(1 + random.nextInt(KEYS_PER_PUT_MAX));
  }

  private List<String> keys(int count) {
    return random.ints(0, KEYS).distinct().limit(count).mapToObj(i -> "K" + i).toList();
  }
}
