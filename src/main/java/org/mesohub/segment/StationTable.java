package org.mesohub.segment;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.mesohub.observation.StationKey;

/**
 * The station dictionary in a chunk's header: ascending ids, each without what it shares with the
 * one before, in three lanes.
 */
final class StationTable {
  /** Unpacked bytes of a lane, for the largest dictionary allowed. */
  private static final int LANE_MAX = ChunkLimits.ROWS_MAX * (StationKey.ID_BYTES_MAX + 4);

  /** Room taken per id at first. */
  private static final int TYPICAL_ID_BYTES = 8;

  private StationTable() {}

  static void write(List<StationKey> ascending, ByteWriter to) {
    var networks = new ByteWriter(256);
    var shapes = new ByteWriter(ascending.size() * 2);
    var letters = new ByteWriter(ascending.size() * 4);
    byte[] before = new byte[0];
    int at = 0;
    while (at < ascending.size()) {
      String network = ascending.get(at).network();
      int from = at;
      for (; at < ascending.size() && ascending.get(at).network().equals(network); at++) {
        byte[] id = ascending.get(at).station().getBytes(StandardCharsets.UTF_8);
        if (id.length > StationKey.ID_BYTES_MAX) {
          throw new IllegalArgumentException(
              "station id "
                  + ascending.get(at)
                  + " is too long; shorten it to "
                  + StationKey.ID_BYTES_MAX
                  + " bytes");
        }
        int shared = shared(before, id);
        shapes.varint(shared);
        shapes.varint(id.length - shared);
        letters.raw(id, shared, id.length - shared);
        before = id;
      }
      networks.text(network, StationKey.ID_BYTES_MAX);
      networks.varint(at - from);
    }
    to.section(networks);
    to.section(shapes);
    to.section(letters);
  }

  private static int shared(byte[] a, byte[] b) {
    int most = Math.min(a.length, b.length);
    int n = 0;
    while (n < most && a[n] == b[n]) {
      n++;
    }
    return n;
  }

  /** The {@code count} stations of a dictionary, checked. */
  static StationList read(ByteReader from, int count) {
    ByteReader networks = from.section(LANE_MAX);
    ByteReader shapes = from.section(LANE_MAX);
    ByteReader letters = from.section(LANE_MAX);
    var names = new ArrayList<String>();
    var networkEnd = new int[count];
    var ids = new byte[Math.max(1, count) * TYPICAL_ID_BYTES];
    var end = new int[count];
    int at = 0;
    int before = 0;
    for (int station = 0; station < count; ) {
      String network = networks.text(StationKey.ID_BYTES_MAX);
      if (!names.isEmpty() && names.get(names.size() - 1).compareTo(network) >= 0) {
        throw ByteReader.corrupt("networks do not ascend");
      }
      int last = station + networks.varint(1, count - station, "a station count");
      networkEnd[names.size()] = last;
      names.add(network);
      for (boolean first = true; station < last; first = false) {
        int length = at - before;
        int shared = shapes.varint(0, length, "a shared length");
        int more = shapes.varint(0, StationKey.ID_BYTES_MAX - shared, "a station id's length");
        if (at + StationKey.ID_BYTES_MAX > ids.length) {
          ids = Arrays.copyOf(ids, ids.length * 2 + StationKey.ID_BYTES_MAX);
        }
        System.arraycopy(ids, before, ids, at, shared);
        letters.copy(ids, at + shared, more);
        check(ids, before, at, at + shared + more, shared, first);
        before = at;
        at += shared + more;
        end[station++] = at;
      }
    }
    networks.expectEnd();
    shapes.expectEnd();
    letters.expectEnd();
    String[] list = names.toArray(new String[0]);
    return new StationList(ids, end, list, Arrays.copyOf(networkEnd, list.length));
  }

  /**
   * Checks that the id in {@code [at, end)} is UTF-8 and follows the one in {@code [before, at)}.
   * Ids of ASCII need a look at the first byte that differs.
   */
  private static void check(
      byte[] ids, int before, int at, int end, int shared, boolean firstOfNetwork) {
    int signs = 0;
    for (int i = at; i < end; i++) {
      signs |= ids[i];
    }
    for (int i = before + shared; i < at; i++) {
      signs |= ids[i];
    }
    if (signs >= 0) {
      boolean follows =
          at + shared < end && (before + shared == at || ids[at + shared] > ids[before + shared]);
      if (follows || firstOfNetwork) {
        return;
      }
    }
    String id = ByteReader.utf8(ids, at, end - at);
    if (!firstOfNetwork && ByteReader.utf8(ids, before, at - before).compareTo(id) >= 0) {
      throw ByteReader.corrupt("stations do not ascend");
    }
  }
}
