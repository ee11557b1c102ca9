package org.mesohub.ingest;

import io.vertx.core.Vertx;
import java.util.ArrayDeque;
import java.util.Deque;
import org.mesohub.format.KnownStations;

/**
 * What the readers of large puts learned of stations, lent from put to put: the same stations
 * report every hour. Forgotten when no put has come for a while, so that an idle node holds none.
 * Thread-safe.
 */
final class LentStations {
  /** Kept at most: as many puts are read at once by the usual client, and room. */
  private static final int KEPT_MAX = 4;

  /** More spellings than this are not kept: about 10 MB. */
  private static final int SPELLINGS_MAX = 1 << 16;

  private static final long IDLE_MS = 20_000;

  private final Vertx vertx;
  private final Deque<KnownStations> free = new ArrayDeque<>();
  private boolean timed;
  private boolean used;

  LentStations(Vertx vertx) {
    this.vertx = vertx;
  }

  /** For one put with this default network, until it is given back or forgotten. */
  synchronized KnownStations take(String defaultNetwork) {
    used = true;
    for (KnownStations known : free) {
      if (known.defaultNetwork().equals(defaultNetwork)) {
        free.remove(known);
        return known;
      }
    }
    return KnownStations.lasting(defaultNetwork);
  }

  /** Takes back what no reader uses any more. */
  synchronized void giveBack(KnownStations known) {
    used = true;
    if (known.size() > SPELLINGS_MAX) {
      return;
    }
    free.addFirst(known);
    if (free.size() > KEPT_MAX) {
      free.removeLast();
    }
    if (!timed) {
      timed = true;
      vertx.setTimer(IDLE_MS, timer -> look());
    }
  }

  private synchronized void look() {
    if (!used) {
      free.clear();
    }
    used = false;
    timed = !free.isEmpty();
    if (timed) {
      vertx.setTimer(IDLE_MS, timer -> look());
    }
  }
}
