package org.mesohub.cluster;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/**
 * The dumbest state machine: keeps every entry it was given, in order, and answers with the entry's
 * index. It notices by itself when indices do not go up by one or time goes back.
 */
class LedgerMachine implements LogStateMachine {
  /** An entry that makes {@link #apply} wait for {@link #release}. */
  static final String STALL = "stall";

  /** An entry that {@link #apply} cannot take. */
  static final String POISON = "poison";

  /**
   * Longer entries are only counted: the state shall stay small however much goes through the log.
   */
  private static final int KEPT_CHARS = 1_000;

  record Line(long index, long timeMicros, String entry) {}

  final CountDownLatch release = new CountDownLatch(1);

  /** Open as soon as an entry stalls. */
  final CountDownLatch stalled = new CountDownLatch(1);

  private final List<Line> lines = new ArrayList<>();
  private int replayed;
  private int restored;

  @Override
  public synchronized byte[] apply(long index, long timeMicros, byte[] entry) {
    String text = new String(entry, StandardCharsets.UTF_8);
    Line last = lines.isEmpty() ? new Line(0, Long.MIN_VALUE, "") : lines.get(lines.size() - 1);
    if (index != last.index + 1 || timeMicros < last.timeMicros) {
      throw new IllegalStateException(
          "entry %d at %d after %d at %d"
              .formatted(index, timeMicros, last.index, last.timeMicros));
    }
    if (text.equals(POISON)) {
      throw new IllegalArgumentException("poison");
    }
    if (text.equals(STALL)) {
      stall();
    }
    lines.add(new Line(index, timeMicros, text.length() > KEPT_CHARS ? "long" : text));
    replayed++;
    return ByteBuffer.allocate(Long.BYTES).putLong(index).array();
  }

  private void stall() {
    stalled.countDown();
    try {
      release.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public synchronized byte[] snapshot() {
    StringBuilder text = new StringBuilder("ledger 1\n");
    for (Line line : lines) {
      text.append(line.index).append(' ').append(line.timeMicros).append(' ');
      text.append(line.entry).append('\n');
    }
    return text.toString().getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public synchronized void restore(byte[] snapshot) {
    List<String> text = new String(snapshot, StandardCharsets.UTF_8).lines().toList();
    if (!text.get(0).equals("ledger 1")) {
      throw new IllegalStateException("unknown format of the state: " + text.get(0));
    }
    lines.clear();
    for (String line : text.subList(1, text.size())) {
      String[] parts = line.split(" ", 3);
      lines.add(new Line(Long.parseLong(parts[0]), Long.parseLong(parts[1]), parts[2]));
    }
    restored = lines.size();
  }

  synchronized List<Line> lines() {
    return List.copyOf(lines);
  }

  synchronized List<String> entries() {
    return lines.stream().map(Line::entry).toList();
  }

  /** Entries applied by this object, not restored. */
  synchronized int applied() {
    return replayed;
  }

  /** Entries that came with a snapshot. */
  synchronized int restored() {
    return restored;
  }
}
