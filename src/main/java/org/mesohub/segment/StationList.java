package org.mesohub.segment;

import java.nio.charset.StandardCharsets;
import java.util.AbstractList;
import java.util.BitSet;
import java.util.RandomAccess;
import org.jspecify.annotations.Nullable;
import org.mesohub.observation.SharedStations;
import org.mesohub.observation.StationKey;

/**
 * A station dictionary whose keys are made when asked for. Everything was checked before. Threads
 * may make a key twice, to equal ones; its fields are final, so that sharing it is safe.
 */
final class StationList extends AbstractList<StationKey> implements RandomAccess {
  private final byte[] ids;

  /** End of each id. */
  private final int[] end;

  private final String[] networks;

  /** First station after each network's. */
  private final int[] networkEnd;

  private final @Nullable StationKey[] made;
  private final SharedStations shared = SharedStations.current();

  /** Network of the key made last: a hint, which may be that of another thread. */
  private int lastNetwork;

  /** Made at the first search by id; several threads may make equal ones. */
  private volatile @Nullable StationIds byId;

  StationList(byte[] ids, int[] end, String[] networks, int[] networkEnd) {
    this.ids = ids;
    this.end = end;
    this.networks = networks;
    this.networkEnd = networkEnd;
    this.made = new StationKey[end.length];
  }

  @Override
  public StationKey get(int index) {
    StationKey known = made[index];
    if (known == null) {
      int from = index == 0 ? 0 : end[index - 1];
      known = shared.key(networks[networkOf(index)], ids, from, end[index]);
      made[index] = known;
    }
    return known;
  }

  /** Marks the stations of an id, whatever their networks, without making keys of others. */
  void mark(String id, BitSet into) {
    StationIds index = byId;
    if (index == null) {
      index = new StationIds(ids, end);
      byId = index;
    }
    index.mark(id.getBytes(StandardCharsets.UTF_8), into);
  }

  private int networkOf(int index) {
    int near = lastNetwork;
    if (index < networkEnd[near] && (near == 0 || index >= networkEnd[near - 1])) {
      return near;
    }
    int at = java.util.Arrays.binarySearch(networkEnd, index);
    int network = at >= 0 ? at + 1 : -at - 1;
    lastNetwork = network;
    return network;
  }

  @Override
  public int size() {
    return end.length;
  }
}
