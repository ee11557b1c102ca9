package org.mesohub.replication;

import java.util.ArrayDeque;
import java.util.function.Consumer;

/**
 * Bytes that may be under way to one member. Who asks for more waits in order, and may be told to
 * wait no longer. Thread-safe; grants are run by whoever makes room.
 */
final class Budget {
  /** A share, waiting or granted. */
  final class Share {
    private final long bytes;
    private final Consumer<Share> granted;

    private Share(long bytes, Consumer<Share> granted) {
      this.bytes = bytes;
      this.granted = granted;
    }

    /** Ends the wait; false when the share was granted already. */
    boolean withdraw() {
      synchronized (Budget.this) {
        return waiting.remove(this);
      }
    }

    /** Gives a granted share back. */
    void release() {
      synchronized (Budget.this) {
        free += bytes;
      }
      grant();
    }
  }

  private final ArrayDeque<Share> waiting = new ArrayDeque<>();
  private long free;

  Budget(long bytes) {
    this.free = bytes;
  }

  /** Runs {@code granted} once the bytes are free, at once when they are. */
  Share take(long bytes, Consumer<Share> granted) {
    Share share = new Share(bytes, granted);
    synchronized (this) {
      waiting.add(share);
    }
    grant();
    return share;
  }

  /** Bytes that nobody has. */
  synchronized long free() {
    return free;
  }

  private void grant() {
    while (true) {
      Share next;
      synchronized (this) {
        next = waiting.peek();
        if (next == null || next.bytes > free) {
          return;
        }
        waiting.remove();
        free -= next.bytes;
      }
      next.granted.accept(next);
    }
  }
}
