package org.mesohub.format;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.mesohub.observation.CellState;
import org.mesohub.observation.Decimal;
import org.mesohub.observation.StationKey;

/**
 * Turns the bytes that name a network and a station into an index of the current batch's station
 * dictionary, without making strings for a pair it has seen. Open addressing over the raw bytes;
 * different spellings of one key get one index.
 */
final class StationInterner {
  /** Result: the station or network id cannot be taken; {@link #error} says why. */
  static final int BAD = -1;

  /** Pairs remembered before all are forgotten, so that hostile input cannot grow the table. */
  private static final int ENTRIES_MAX = 1 << 17;

  /** Spellings of networks kept at hand; a power of two. */
  private static final int NETWORKS = 1 << 10;

  private final String defaultNetwork;
  private final NumberText number = new NumberText();
  private final Map<StationKey, Integer> indexOfKey = new HashMap<>();
  private List<StationKey> batchKeys = new ArrayList<>();
  private int generation;
  private int[] slots = new int[1024];
  private final @Nullable Network[] networks = new Network[NETWORKS];
  private Entry[] entries = new Entry[256];
  private int count;

  /** Why the last id was {@link #BAD}. */
  String error = "";

  StationInterner(String defaultNetwork) {
    this.defaultNetwork = defaultNetwork;
  }

  /**
   * Index of a station; the network's slice is empty where the row names none. Slices carry no
   * spaces around.
   */
  int intern(byte[] b, int station, int stationEnd, int network, int networkEnd) {
    return intern(b, station, stationEnd, network, networkEnd, false);
  }

  /** {@link #intern} where the network must be a number. */
  int internNumber(byte[] b, int station, int stationEnd, int network, int networkEnd) {
    return intern(b, station, stationEnd, network, networkEnd, true);
  }

  private int intern(
      byte[] b, int station, int stationEnd, int network, int networkEnd, boolean numeric) {
    int hash = 17;
    for (int i = station; i < stationEnd; i++) {
      hash = hash * 31 + b[i];
    }
    hash *= 31;
    for (int i = network; i < networkEnd; i++) {
      hash = hash * 31 + b[i];
    }
    hash *= 0x9E3779B1;
    hash ^= hash >>> 15;
    int mask = slots.length - 1;
    int slot = hash & mask;
    while (slots[slot] != 0) {
      Entry entry = entries[slots[slot] - 1];
      if (entry.hash == hash
          && Arrays.equals(entry.station, 0, entry.station.length, b, station, stationEnd)
          && Arrays.equals(entry.network, 0, entry.network.length, b, network, networkEnd)
          && entry.numeric == numeric) {
        return entry.generation == generation ? entry.index : enlist(entry);
      }
      slot = (slot + 1) & mask;
    }
    return add(b, station, stationEnd, network, networkEnd, numeric, hash);
  }

  /** Changes with every batch; an index is good for one generation. */
  int generation() {
    return generation;
  }

  /** The dictionary of the batch; the next batch starts an empty one. */
  List<StationKey> take() {
    List<StationKey> taken = batchKeys;
    batchKeys = new ArrayList<>();
    indexOfKey.clear();
    generation++;
    return taken;
  }

  private int add(
      byte[] b,
      int station,
      int stationEnd,
      int network,
      int networkEnd,
      boolean numeric,
      int hash) {
    String stationId = id("station id", b, station, stationEnd);
    String networkId =
        network == networkEnd ? defaultNetwork : knownNetwork(b, network, networkEnd, numeric);
    if (stationId.isEmpty() || networkId.isEmpty()) {
      return BAD;
    }
    if (count == ENTRIES_MAX) {
      Arrays.fill(slots, 0);
      Arrays.fill(entries, null);
      count = 0;
    }
    if (count == entries.length) {
      entries = Arrays.copyOf(entries, count * 2);
      rehash(count * 8);
    }
    var entry =
        new Entry(
            hash,
            numeric,
            Arrays.copyOfRange(b, station, stationEnd),
            Arrays.copyOfRange(b, network, networkEnd),
            new StationKey(networkId, stationId));
    entries[count++] = entry;
    place(entry, count);
    return enlist(entry);
  }

  private int enlist(Entry entry) {
    Integer known = indexOfKey.putIfAbsent(entry.key, batchKeys.size());
    if (known == null) {
      batchKeys.add(entry.key);
    }
    entry.index = known == null ? batchKeys.size() - 1 : known;
    entry.generation = generation;
    return entry.index;
  }

  private void rehash(int size) {
    slots = new int[size];
    for (int i = 0; i < count; i++) {
      place(entries[i], i + 1);
    }
  }

  private void place(Entry entry, int oneBasedIndex) {
    int mask = slots.length - 1;
    int slot = entry.hash & mask;
    while (slots[slot] != 0) {
      slot = (slot + 1) & mask;
    }
    slots[slot] = oneBasedIndex;
  }

  /** {@link #network}, worked out once for most spellings. */
  private String knownNetwork(byte[] b, int off, int end, boolean numeric) {
    int hash = numeric ? 1 : 0;
    for (int i = off; i < end; i++) {
      hash = hash * 31 + b[i];
    }
    int slot = hash & (NETWORKS - 1);
    Network known = networks[slot];
    if (known != null
        && known.numeric == numeric
        && Arrays.equals(known.spelling, 0, known.spelling.length, b, off, end)) {
      return known.id;
    }
    String id = network(b, off, end, numeric);
    if (!id.isEmpty()) {
      networks[slot] = new Network(Arrays.copyOfRange(b, off, end), numeric, id);
    }
    return id;
  }

  /**
   * A numeric network as canonical text ({@code 8.00} is {@code 8}), other text as it is; empty
   * when bad.
   */
  private String network(byte[] b, int off, int end, boolean numeric) {
    int state = number.parse(b, off, end);
    if (state < 0) {
      if (numeric || NumberText.isNotFinite(b, off, end)) {
        error = Rejects.number("MNET", state, b, off, end);
        return "";
      }
      return id("network id", b, off, end);
    }
    int scale = CellState.scale(state);
    if (MesoWestRows.isMissing(number.unscaled, scale)) {
      return defaultNetwork;
    }
    long unscaled = number.unscaled;
    while (scale > 0 && unscaled % 10 == 0) {
      unscaled /= 10;
      scale--;
    }
    return new Decimal(unscaled, scale).toString();
  }

  /** An id as text, empty when bad. */
  private String id(String what, byte[] b, int off, int end) {
    if (off == end) {
      error = what + " is empty";
      return "";
    }
    if (end - off > StationKey.ID_BYTES_MAX) {
      error = what + " is longer than " + StationKey.ID_BYTES_MAX + " bytes";
      return "";
    }
    for (int i = off; i < end; i++) {
      if ((b[i] >= 0 && b[i] <= ' ') || b[i] == 127) {
        error = what + " " + Rejects.quote(b, off, end) + " has a space or control character";
        return "";
      }
    }
    if (isAscii(b, off, end)) {
      return new String(b, off, end - off, StandardCharsets.ISO_8859_1);
    }
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .decode(ByteBuffer.wrap(b, off, end - off))
          .toString();
    } catch (CharacterCodingException e) {
      error = what + " is not UTF-8";
      return "";
    }
  }

  private static boolean isAscii(byte[] b, int off, int end) {
    int all = 0;
    for (int i = off; i < end; i++) {
      all |= b[i];
    }
    return all >= 0;
  }

  /** A network's id by its spelling. */
  @SuppressWarnings("ArrayRecordComponent")
  private record Network(byte[] spelling, boolean numeric, String id) {}

  /** A pair of ids as spelled in the input. */
  private static final class Entry {
    final int hash;
    final boolean numeric;
    final byte[] station;
    final byte[] network;
    final StationKey key;
    int generation = -1;
    int index;

    Entry(int hash, boolean numeric, byte[] station, byte[] network, StationKey key) {
      this.hash = hash;
      this.numeric = numeric;
      this.station = station;
      this.network = network;
      this.key = key;
    }
  }
}
