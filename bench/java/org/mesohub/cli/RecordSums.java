package org.mesohub.cli;

import java.io.IOException;
import java.io.InputStream;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import org.mesohub.observation.StationKey;

/**
 * What a stream of MesoWest records holds, in little memory: per UTC day the number of records and
 * the sum of a hash of each line, which does not depend on their order; and, of an answer, whether
 * the keys ascend.
 */
final class RecordSums {
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  /** Columns of a record: station up to the day, then the time, then the network. */
  private static final int DAY_AT = 9;

  private static final int SLASH_AT = 17;
  private static final int NETWORK_AT = 23;
  private static final int NETWORK_END = 32;
  private static final int BUFFER = 1 << 20;

  /** Count and sum of a day. */
  record Day(long rows, long sum) {}

  private final Map<Integer, long[]> days = new TreeMap<>();
  private final boolean ordered;
  private long rows;
  private long bytes;
  private byte[] before = {};
  private int beforeDay = -1;
  private StationKey beforeStation = new StationKey("", "");

  /**
   * @param ordered whether records must come in strictly ascending order of key
   */
  RecordSums(boolean ordered) {
    this.ordered = ordered;
  }

  /** Takes whole lines. */
  void take(byte[] text, int from, int to) {
    int start = from;
    for (int i = from; i < to; i++) {
      if (text[i] == '\n') {
        line(text, start, i);
        start = i + 1;
      }
    }
    if (start < to) {
      throw new IllegalStateException("a line without an end");
    }
    bytes += to - from;
  }

  void takeAll(InputStream in) throws IOException {
    var buffer = new byte[BUFFER];
    int held = 0;
    for (int n = in.read(buffer, 0, BUFFER); n >= 0; n = in.read(buffer, held, BUFFER - held)) {
      held += n;
      int end = held;
      while (end > 0 && buffer[end - 1] != '\n') {
        end--;
      }
      take(buffer, 0, end);
      System.arraycopy(buffer, end, buffer, 0, held - end);
      held -= end;
    }
    if (held > 0) {
      throw new IllegalStateException("the answer ends amid a line");
    }
  }

  private void line(byte[] text, int from, int to) {
    if (to - from <= NETWORK_END || text[from + SLASH_AT] != '/') {
      return; // a heading
    }
    int day = 0;
    for (int i = from + DAY_AT; i < from + SLASH_AT; i++) {
      day = day * 10 + text[i] - '0';
    }
    if (ordered) {
      check(text, from, to, day);
    }
    long[] sums = days.computeIfAbsent(day, d -> new long[2]);
    sums[0]++;
    sums[1] += hash(text, from, to);
    rows++;
  }

  private static long hash(byte[] text, int from, int to) {
    long h = to - from;
    int i = from;
    for (; i + 8 <= to; i += 8) {
      h = (h ^ (long) LONGS.get(text, i)) * 0x9E3779B97F4A7C15L;
      h ^= h >>> 29;
    }
    for (; i < to; i++) {
      h = (h ^ text[i]) * 0x9E3779B97F4A7C15L;
    }
    return h ^ h >>> 32;
  }

  private void check(byte[] text, int from, int to, int day) {
    byte[] key = Arrays.copyOfRange(text, from, from + NETWORK_END);
    boolean sameStation =
        before.length > 0
            && Arrays.equals(key, 0, DAY_AT, before, 0, DAY_AT)
            && Arrays.equals(
                key, NETWORK_AT, NETWORK_END, before, NETWORK_AT, NETWORK_END);
    StationKey station = sameStation ? beforeStation : station(key);
    int order = Integer.compare(beforeDay, day);
    if (order == 0) {
      order = beforeStation.compareTo(station);
    }
    if (order == 0) {
      order = Arrays.compare(before, SLASH_AT, NETWORK_AT, key, SLASH_AT, NETWORK_AT);
    }
    if (order >= 0) {
      throw new IllegalStateException(
          "record " + rows + " is out of order: " + new String(key) + " after " + new String(before));
    }
    before = key;
    beforeDay = day;
    beforeStation = station;
  }

  private static StationKey station(byte[] key) {
    String network = new String(key, NETWORK_AT, NETWORK_END - NETWORK_AT).trim();
    return new StationKey(
        network.substring(0, network.indexOf('.')), new String(key, 0, DAY_AT).trim());
  }

  long rows() {
    return rows;
  }

  long bytes() {
    return bytes;
  }

  int days() {
    return days.size();
  }

  /** The days on which two streams differ, as text; empty when they hold the same records. */
  String difference(RecordSums other) {
    var text = new StringBuilder();
    var all = new TreeMap<>(days);
    other.days.forEach(all::putIfAbsent);
    for (int day : all.keySet()) {
      long[] none = {0, 0};
      long[] a = days.getOrDefault(day, none);
      long[] b = other.days.getOrDefault(day, none);
      if (!Arrays.equals(a, b)) {
        text.append(day + ": " + a[0] + " rows here, " + b[0] + " there; ");
      }
    }
    return text.toString();
  }
}
