package org.mesohub.format;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.mesohub.observation.CellState;
import org.mesohub.observation.Day;
import org.mesohub.observation.Decimal;
import org.mesohub.observation.Named;
import org.mesohub.observation.TimeRange;
import org.mesohub.observation.Timestamps;
import org.mesohub.observation.VariableDictionary;

/**
 * Lines of a MesoWest {@code .out} file. Records are fixed width, so that columns may touch:
 * station in columns 0 to 8, {@code yyyyMMdd/HHmm} in 9 to 21, then fields of 9 characters from
 * column 23 on, in the order of the {@code PARM} line.
 */
final class MesoWestRows {
  /** First line of a file, before the names. */
  static final String PARM = "PARM";

  private static final String NETWORK = "MNET";
  private static final int DATE_AT = 9;
  private static final int FIELDS_AT = 23;
  private static final int FIELD = 9;
  private static final long MINUTE = 60_000_000L;
  private static final long MISSING = -9999;
  private static final Pattern TWO_DIGIT_YEAR =
      Pattern.compile("(?<![0-9])([0-9]{6}/[0-9]{4})(?![0-9])");
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final long MISSING_TEXT = littleEndian("-9999.00");
  private static final long SPACES = littleEndian("        ");

  private final BatchFiller filler;
  private final Rejects rejects;
  private final NumberText number = new NumberText();

  /** Names of the fields, and per field its column in the filler, -1 for the network. */
  private List<String> names = List.of();

  private int[] columns = new int[0];
  private int networkField;

  /** The eight characters of the last good date, if there was one, and its day. */
  private boolean dateKnown;

  private long lastDate;

  private long lastDay;

  /** Station, network and index of the last row whose station was good, for one batch. */
  private long lastStation;

  private long lastNetwork;
  private int lastIndex;
  private int lastGeneration = -1;

  MesoWestRows(BatchFiller filler, Rejects rejects) {
    this.filler = filler;
    this.rejects = rejects;
    standardLayout();
  }

  /** Goes back to the usual fields: MNET, then the 13 of the dictionary. */
  void standardLayout() {
    layout("MNET;SLAT;SLON;SELV;TMPF;SKNT;DRCT;GUST;PMSL;ALTI;DWPF;RELH;WTHR;P24I");
  }

  /**
   * Takes a line if it is a heading or blank.
   *
   * @return null when it was taken, the empty text when it is a record, else what is wrong with the
   *     heading
   */
  @Nullable String heading(byte[] b, int off, int len) {
    int at = off;
    int end = off + len;
    while (at < end && (b[at] == ' ' || b[at] == '\r' || b[at] == '\t')) {
      at++;
    }
    if (at == end) {
      return null;
    }
    if (b[at] == 'P' && isParm(b, at, end)) {
      String text = new String(b, at, end - at, StandardCharsets.US_ASCII);
      int equals = text.indexOf('=');
      if (equals > 0) {
        return layout(text.substring(equals + 1));
      }
    }
    boolean heading =
        b[at] == 'S' && end - at > 3 && b[at + 1] == 'T' && b[at + 2] == 'N' && b[at + 3] == ' ';
    return heading && !(len > DATE_AT && b[off + DATE_AT] >= '0' && b[off + DATE_AT] <= '9')
        ? null
        : "";
  }

  private static boolean isParm(byte[] b, int at, int end) {
    return end - at > 4 && b[at + 1] == 'A' && b[at + 2] == 'R' && b[at + 3] == 'M';
  }

  /** Reads a record: one row, or one reject. */
  void record(byte[] b, int off, int length, long line) {
    int len = length;
    while (len > 0 && (b[off + len - 1] == ' ' || b[off + len - 1] == '\r')) {
      len--;
    }
    int expected = FIELDS_AT + FIELD * columns.length;
    if (len != expected) {
      rejects.add(line, wrongLength(b, off, len, expected), b, off, len);
      return;
    }
    long time = time(b, off + DATE_AT);
    if (time < TimeRange.TIME_MIN_MICROS || time >= TimeRange.TIME_END_MICROS) {
      rejects.add(line, badTime(b, off + DATE_AT, time), b, off, len);
      return;
    }
    if (b[off + FIELDS_AT - 1] != ' ') {
      rejects.add(line, "column 23 must be blank", b, off, len);
      return;
    }
    filler.startRow();
    int at = off + FIELDS_AT;
    for (int i = 0; i < columns.length; i++, at += FIELD) {
      int column = columns[i];
      if (column >= 0 && !value(b, at, column)) {
        int result = number.parse(b, at, at + FIELD);
        rejects.add(line, Rejects.number(names.get(i), result, b, at, at + FIELD), b, off, len);
        return;
      }
    }
    int station = station(b, off);
    if (station < 0) {
      rejects.add(line, filler.stations.error(), b, off, len);
    } else {
      filler.endRow(station, time);
    }
  }

  /**
   * {@link Timestamps#parseMesoWest}, which need not read the date again while it stays the same.
   */
  private long time(byte[] b, int at) {
    long date = (long) LONG.get(b, at);
    if (!dateKnown || date != lastDate) {
      long time = Timestamps.parseMesoWest(b, at);
      if (time != Timestamps.INVALID) {
        dateKnown = true;
        lastDate = date;
        lastDay = Day.epochDayOf(time);
      }
      return time;
    }
    int hour = twoDigits(b, at + 9);
    int minute = twoDigits(b, at + 11);
    return b[at + 8] == '/' && hour <= 23 && minute <= 59
        ? lastDay * Day.MICROS + (hour * 60 + minute) * MINUTE
        : Timestamps.INVALID;
  }

  /** A number of two digits, or one past 99. */
  private static int twoDigits(byte[] b, int at) {
    int tens = b[at] - '0';
    int ones = b[at + 1] - '0';
    return (tens | ones) < 0 || tens > 9 || ones > 9 ? 100 : tens * 10 + ones;
  }

  /** Sets a cell from a field of 9 characters; false when it is no number. */
  private boolean value(byte[] b, int at, int column) {
    long word = (long) LONG.get(b, at + 1);
    if (word == MISSING_TEXT && b[at] == ' ') {
      filler.missing(column);
      return true;
    }
    // The usual field is `%9.2f`: eight characters of which the sixth is the point, leading spaces,
    // then perhaps a sign.
    int spaceBits = Long.numberOfTrailingZeros(word ^ SPACES) & ~7;
    if (b[at] == ' ' && (word >>> 40 & 0xFF) == '.' && spaceBits < 40) {
      boolean negative = (word >>> spaceBits & 0xFF) == '-';
      int blankBits = negative ? spaceBits + 8 : spaceBits;
      long blank = (1L << blankBits) - 1;
      long digits = (word & ~blank) | (0x3030303030303030L & blank);
      // Close the gap of the point: five digits before it, two after.
      digits = (digits & 0xFF_FFFF_FFFFL) << 8 | (digits & 0xFFFF_0000_0000_0000L) | '0';
      if (blankBits < 40 && allDigits(digits)) {
        long unscaled = eightDigits(digits);
        filler.decimal(
            column, negative ? -unscaled : unscaled, CellState.of(negative, unscaled, 2));
        return true;
      }
    }
    int state = number.parse(b, at, at + FIELD);
    if (state < 0) {
      return false;
    }
    if (isMissing(number.unscaled, state)) {
      filler.missing(column);
    } else {
      filler.decimal(column, number.unscaled, state);
    }
    return true;
  }

  /** Whether a number is -9999 in some spelling. */
  static boolean isMissing(long unscaled, int state) {
    return unscaled < 0 && Decimal.compare(unscaled, state, MISSING, 0) == 0;
  }

  /** Index of a row's station; rows of one station usually follow each other. */
  private int station(byte[] b, int off) {
    int network = off + FIELDS_AT + FIELD * networkField;
    if (networkField < 0 || b[off + DATE_AT - 1] != ' ' || b[network] != ' ') {
      return intern(b, off);
    }
    long stationWord = (long) LONG.get(b, off);
    long networkWord = (long) LONG.get(b, network + 1);
    if (stationWord == lastStation
        && networkWord == lastNetwork
        && filler.stations.generation() == lastGeneration) {
      return lastIndex;
    }
    int index = filler.stations.find(stationWord, networkWord);
    if (index < 0) {
      index = intern(b, off);
      if (index < 0) {
        return index;
      }
      filler.stations.remember(stationWord, networkWord, index);
    }
    lastGeneration = filler.stations.generation();
    lastIndex = index;
    lastStation = stationWord;
    lastNetwork = networkWord;
    return index;
  }

  private int intern(byte[] b, int off) {
    int from = off;
    int end = off + DATE_AT;
    while (from < end && b[from] == ' ') {
      from++;
    }
    while (end > from && b[end - 1] == ' ') {
      end--;
    }
    if (networkField < 0) {
      return filler.stations.intern(b, from, end, from, from);
    }
    int network = off + FIELDS_AT + FIELD * networkField;
    int networkEnd = network + FIELD;
    while (network < networkEnd && b[network] == ' ') {
      network++;
    }
    while (networkEnd > network && b[networkEnd - 1] == ' ') {
      networkEnd--;
    }
    return filler.stations.internNumber(b, from, end, network, networkEnd);
  }

  private @Nullable String layout(String parm) {
    List<String> parsed =
        Arrays.stream(parm.strip().split(";", -1))
            .map(String::strip)
            .filter(s -> !s.isEmpty())
            .toList();
    if (parsed.isEmpty() || new HashSet<>(parsed).size() != parsed.size()) {
      return "PARM names no variable, or one twice";
    }
    int[] layout = new int[parsed.size()];
    int network = -1;
    for (int i = 0; i < layout.length; i++) {
      String name = parsed.get(i);
      if (name.equals(NETWORK)) {
        layout[i] = -1;
        network = i;
        continue;
      }
      Optional<Named> named = VariableDictionary.named("mesowest", name);
      if (named.isEmpty()) {
        return "PARM names '%s', which is not a MesoWest variable of the dictionary"
            .formatted(name);
      }
      layout[i] = filler.column(named.get().column());
    }
    names = parsed;
    columns = layout;
    networkField = network;
    return null;
  }

  private static String wrongLength(byte[] b, int off, int len, int expected) {
    String start = new String(b, off, Math.min(len, FIELDS_AT + 1), StandardCharsets.US_ASCII);
    Matcher shortDate = TWO_DIGIT_YEAR.matcher(start);
    if (shortDate.find()) {
      return "time '%s' has a two-digit year; yyyyMMdd/HHmm expected".formatted(shortDate.group(1));
    }
    return "record has " + len + " characters, expected " + expected;
  }

  private static String badTime(byte[] b, int at, long time) {
    String quoted = Rejects.quote(b, at, at + 13);
    if (time != Timestamps.INVALID) {
      return "time " + quoted + " is not within 1800 to 2199";
    }
    return TWO_DIGIT_YEAR.matcher(quoted).find()
        ? "time " + quoted + " has a two-digit year; yyyyMMdd/HHmm expected"
        : "time " + quoted + " is not a date yyyyMMdd/HHmm";
  }

  private static boolean allDigits(long w) {
    return ((w & 0xF0F0F0F0F0F0F0F0L) | ((w + 0x0606060606060606L & 0xF0F0F0F0F0F0F0F0L) >>> 4))
        == 0x3333333333333333L;
  }

  /** Eight ASCII digits, the first in the lowest byte, as a number: pairs, then fours, then all. */
  private static long eightDigits(long ascii) {
    long w = ascii - 0x3030303030303030L;
    w = w * 10 + (w >>> 8);
    return ((w & 0x000000FF_000000FFL) * 0x000F4240_00000064L
            + (w >>> 16 & 0x000000FF_000000FFL) * 0x00002710_00000001L)
        >>> 32;
  }

  private static long littleEndian(String eight) {
    return (long) LONG.get(eight.getBytes(StandardCharsets.US_ASCII), 0);
  }
}
