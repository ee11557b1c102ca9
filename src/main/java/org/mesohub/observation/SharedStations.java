package org.mesohub.observation;

import java.lang.ref.WeakReference;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Station keys made lately, so that the dictionaries of a hundred open chunks share theirs: the
 * same twenty thousand stations report every hour. A place per hash, without locks: keys are
 * immutable, and whoever loses a race has made an equal one. Goes with the last that uses it.
 */
public final class SharedStations {
  /** Places; a power of two. Full, it takes about 5 MB. */
  private static final int PLACES = 1 << 16;

  private static WeakReference<SharedStations> current = new WeakReference<>(new SharedStations());

  private final @Nullable StationKey[] keys = new StationKey[PLACES];

  private SharedStations() {}

  /** The keys that are shared now. */
  public static synchronized SharedStations current() {
    SharedStations known = current.get();
    if (known == null) {
      known = new SharedStations();
      current = new WeakReference<>(known);
    }
    return known;
  }

  /** The key of a network and the id in {@code [from, to)}. */
  public StationKey key(String network, byte[] ids, int from, int to) {
    int hash = network.hashCode();
    for (int i = from; i < to; i++) {
      hash = 31 * hash + ids[i];
    }
    int place = (hash ^ hash >>> 16) & PLACES - 1;
    StationKey known = keys[place];
    if (known == null
        || !known.network().equals(network)
        || !isId(known.station(), ids, from, to)) {
      known = new StationKey(network, new String(ids, from, to - from, StandardCharsets.UTF_8));
      keys[place] = known;
    }
    return known;
  }

  /** Whether an id has these bytes; false also for one that is not ASCII. */
  private static boolean isId(String id, byte[] ids, int from, int to) {
    if (id.length() != to - from) {
      return false;
    }
    for (int i = from; i < to; i++) {
      if (id.charAt(i - from) != ids[i]) {
        return false;
      }
    }
    return true;
  }
}
