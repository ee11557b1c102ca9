package org.mesohub.format;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.mesohub.observation.CellState;
import org.mesohub.observation.Decimal;
import org.mesohub.observation.SharedStations;
import org.mesohub.observation.StationKey;

/**
 * Stations by the bytes that name them, numbered in the order in which they came, without making
 * strings for a pair seen before. Open addressing over the raw bytes; different spellings of one
 * key have numbers of their own, and the first of them stands for the key. May be handed from one
 * reader to the next, so that a file is read with what the last one taught; about 150 bytes a
 * station. One reader at a time.
 */
public final class KnownStations {
  /** Result: the station or network id cannot be taken; {@link #error} says why. */
  static final int BAD = -1;

  /** Spellings after which all are forgotten, so that hostile input cannot grow the table. */
  private static final int ENTRIES_MAX = 1 << 17;

  /** Spellings of networks kept at hand; a power of two. */
  private static final int NETWORKS = 1 << 10;

  /** Network of rows that name none. */
  final String defaultNetwork;

  /** Numbers by how records of fixed width spell them. */
  final StationWords words = new StationWords();

  private final NumberText number = new NumberText();
  private final @Nullable SharedStations shared;
  private final @Nullable Network[] networks = new Network[NETWORKS];

  /** Number of the first spelling of each key. */
  private final Map<StationKey, Integer> firsts = new HashMap<>();

  private int[] slots = new int[1024];
  private Entry[] entries = new Entry[256];
  private int count;

  /** Why the last id was {@link #BAD}. */
  String error = "";

  private KnownStations(String defaultNetwork, @Nullable SharedStations shared) {
    this.defaultNetwork = defaultNetwork;
    this.shared = shared;
  }

  /** For one reader. */
  static KnownStations once(String defaultNetwork) {
    return new KnownStations(defaultNetwork, null);
  }

  /** For readers that follow each other. */
  public static KnownStations lasting(String defaultNetwork) {
    return new KnownStations(defaultNetwork, SharedStations.current());
  }

  /** Network of rows that name none; only for a reader with the same one. */
  public String defaultNetwork() {
    return defaultNetwork;
  }

  /** Number of spellings. */
  public int size() {
    return count;
  }

  /** The key of a number. */
  StationKey key(int number) {
    return entries[number].key;
  }

  /** The number that stands for a key that has one. */
  int number(StationKey key) {
    return firsts.getOrDefault(key, BAD);
  }

  /** The number that stands for the same key. */
  int first(int number) {
    return entries[number].first;
  }

  /** Forgets everything when there is too much; numbers given before mean nothing then. */
  void bound() {
    if (count > ENTRIES_MAX) {
      Arrays.fill(slots, 0);
      Arrays.fill(entries, null);
      firsts.clear();
      words.clear();
      count = 0;
    }
  }

  /**
   * Number of a station, or {@link #BAD}; the network's slice is empty where the row names none.
   * Slices carry no spaces around.
   *
   * @param numeric whether the network must be a number
   */
  int number(byte[] b, int station, int stationEnd, int network, int networkEnd, boolean numeric) {
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
        return slots[slot] - 1;
      }
      slot = (slot + 1) & mask;
    }
    return add(b, station, stationEnd, network, networkEnd, numeric, hash);
  }

  private int add(
      byte[] b,
      int station,
      int stationEnd,
      int network,
      int networkEnd,
      boolean numeric,
      int hash) {
    String problem = problem("station id", b, station, stationEnd);
    String networkId =
        network == networkEnd ? defaultNetwork : knownNetwork(b, network, networkEnd, numeric);
    if (networkId.isEmpty()) {
      return BAD;
    }
    if (!problem.isEmpty()) {
      error = problem;
      return BAD;
    }
    if (count == entries.length) {
      entries = Arrays.copyOf(entries, count * 2);
      rehash(count * 8);
    }
    StationKey key =
        shared != null && isAscii(b, station, stationEnd)
            ? shared.key(networkId, b, station, stationEnd)
            : new StationKey(networkId, text(b, station, stationEnd));
    Integer first = firsts.putIfAbsent(key, count);
    var entry =
        new Entry(
            hash,
            numeric,
            Arrays.copyOfRange(b, station, stationEnd),
            Arrays.copyOfRange(b, network, networkEnd),
            key,
            first == null ? count : first);
    entries[count++] = entry;
    place(entry, count);
    return count - 1;
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
    error = problem(what, b, off, end);
    return error.isEmpty() ? text(b, off, end) : "";
  }

  private static String text(byte[] b, int off, int end) {
    return new String(b, off, end - off, StandardCharsets.UTF_8);
  }

  /** What is wrong with an id; empty when nothing is. */
  private static String problem(String what, byte[] b, int off, int end) {
    if (off == end) {
      return what + " is empty";
    }
    if (end - off > StationKey.ID_BYTES_MAX) {
      return what + " is longer than " + StationKey.ID_BYTES_MAX + " bytes";
    }
    for (int i = off; i < end; i++) {
      if ((b[i] >= 0 && b[i] <= ' ') || b[i] == 127) {
        return what + " " + Rejects.quote(b, off, end) + " has a space or control character";
      }
    }
    if (isAscii(b, off, end)) {
      return "";
    }
    try {
      StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(b, off, end - off));
      return "";
    } catch (CharacterCodingException e) {
      return what + " is not UTF-8";
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
  @SuppressWarnings("ArrayRecordComponent")
  private record Entry(
      int hash, boolean numeric, byte[] station, byte[] network, StationKey key, int first) {}
}
