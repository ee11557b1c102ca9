package org.mesohub.segment;

import org.jspecify.annotations.Nullable;
import org.mesohub.observation.CellState;

/**
 * Numbers in 1, 2, 4 or 8 bytes each, some of which may be none. In up to 4 bytes stands how many
 * divisors a number is above a base, never 0, which says none. Immutable.
 */
public final class PackedLongs {
  /** Says none where numbers stand as they are; no decimal or time comes near it. */
  private static final long NONE = Long.MIN_VALUE;

  /** What times are often multiples of, in microseconds. */
  private static final long[] DIVISORS = {60_000_000, 1_000_000, 1_000};

  private final int count;
  private final boolean none;
  private final long base;
  private final long divisor;

  /** An array of byte, char, int or long. */
  private final Object codes;

  private PackedLongs(int count, boolean none, long base, long divisor, Object codes) {
    this.count = count;
    this.none = none;
    this.base = base;
    this.divisor = divisor;
    this.codes = codes;
  }

  /** Numbers at the rows whose state says that a value is present, none elsewhere. */
  static PackedLongs of(long[] numbers, byte[] states, int count) {
    long min = Long.MAX_VALUE;
    long max = NONE;
    boolean none = false;
    for (int i = 0; i < count; i++) {
      if (states[i] >= 0) {
        min = Math.min(min, numbers[i]);
        max = Math.max(max, numbers[i]);
      } else {
        none = true;
      }
    }
    return of(numbers, states, count, none, min, max, 1);
  }

  /** Times, which are all there. */
  public static PackedLongs ofTimes(long[] times, int count) {
    long min = Long.MAX_VALUE;
    long max = NONE;
    for (int i = 0; i < count; i++) {
      min = Math.min(min, times[i]);
      max = Math.max(max, times[i]);
    }
    return of(times, null, count, false, min, max, divisor(times, count, min));
  }

  private static long divisor(long[] times, int count, long min) {
    for (long divisor : DIVISORS) {
      int i = 0;
      while (i < count && (times[i] - min) % divisor == 0) {
        i++;
      }
      if (i == count) {
        return divisor;
      }
    }
    return 1;
  }

  private static PackedLongs of(
      long[] numbers,
      byte @Nullable [] states,
      int count,
      boolean none,
      long min,
      long max,
      long divisor) {
    long top = max < min ? 0 : (max - min) / divisor + 1;
    boolean wide = max >= min && (max - min < 0 || top > 0xFFFF_FFFFL);
    long base = wide || max < min ? 0 : min - divisor;
    Object codes;
    if (wide) {
      var longs = new long[count];
      for (int i = 0; i < count; i++) {
        longs[i] = isPresent(states, i) ? numbers[i] : NONE;
      }
      codes = longs;
    } else if (top > 0xFFFF) {
      var ints = new int[count];
      for (int i = 0; i < count; i++) {
        ints[i] = isPresent(states, i) ? (int) code(numbers[i], base, divisor) : 0;
      }
      codes = ints;
    } else if (top > 0xFF) {
      var chars = new char[count];
      for (int i = 0; i < count; i++) {
        chars[i] = isPresent(states, i) ? (char) code(numbers[i], base, divisor) : 0;
      }
      codes = chars;
    } else {
      var bytes = new byte[count];
      for (int i = 0; i < count; i++) {
        bytes[i] = isPresent(states, i) ? (byte) code(numbers[i], base, divisor) : 0;
      }
      codes = bytes;
    }
    return new PackedLongs(count, none, base, divisor, codes);
  }

  private static long code(long number, long base, long divisor) {
    return divisor == 1 ? number - base : (number - base) / divisor;
  }

  private static boolean isPresent(byte @Nullable [] states, int i) {
    return states == null || states[i] > CellState.ABSENT;
  }

  /** Bytes on the heap. */
  public int bytes() {
    int width =
        codes instanceof byte[] ? 1 : codes instanceof char[] ? 2 : codes instanceof int[] ? 4 : 8;
    return 56 + width * count;
  }

  /** Whether some are none. */
  boolean hasNone() {
    return none;
  }

  /** The numbers, 0 for none. */
  public long[] unpack() {
    var numbers = new long[count];
    if (codes instanceof byte[] bytes) {
      for (int i = 0; i < count; i++) {
        int code = bytes[i] & 0xFF;
        numbers[i] = code == 0 ? 0 : base + code * divisor;
      }
    } else if (codes instanceof char[] chars) {
      for (int i = 0; i < count; i++) {
        int code = chars[i];
        numbers[i] = code == 0 ? 0 : base + code * divisor;
      }
    } else if (codes instanceof int[] ints) {
      for (int i = 0; i < count; i++) {
        long code = ints[i] & 0xFFFF_FFFFL;
        numbers[i] = code == 0 ? 0 : base + code * divisor;
      }
    } else {
      long[] longs = (long[]) codes;
      for (int i = 0; i < count; i++) {
        numbers[i] = longs[i] == NONE ? 0 : longs[i];
      }
    }
    return numbers;
  }

  /**
   * The numbers at some places, 0 for none.
   *
   * @param states gets a state at each of these that is none
   */
  long[] gather(int[] picks, byte[] states, byte otherState) {
    var numbers = new long[picks.length];
    if (codes instanceof byte[] bytes) {
      for (int i = 0; i < numbers.length; i++) {
        set(numbers, i, bytes[picks[i]] & 0xFF, states, otherState);
      }
    } else if (codes instanceof char[] chars) {
      for (int i = 0; i < numbers.length; i++) {
        set(numbers, i, chars[picks[i]], states, otherState);
      }
    } else if (codes instanceof int[] ints) {
      for (int i = 0; i < numbers.length; i++) {
        set(numbers, i, ints[picks[i]] & 0xFFFF_FFFFL, states, otherState);
      }
    } else {
      long[] longs = (long[]) codes;
      for (int i = 0; i < numbers.length; i++) {
        long number = longs[picks[i]];
        if (number == NONE) {
          states[i] = otherState;
        } else {
          numbers[i] = number;
        }
      }
    }
    return numbers;
  }

  private void set(long[] numbers, int i, long code, byte[] states, byte otherState) {
    if (code == 0) {
      states[i] = otherState;
    } else {
      numbers[i] = base + code * divisor;
    }
  }

  /** The numbers at some places; for times. */
  public long[] gather(int[] picks) {
    return gather(picks, new byte[picks.length], (byte) 0);
  }

  /** Puts a state where there is none. */
  void markNone(byte[] states, byte otherState) {
    for (int i = 0; i < count; i++) {
      boolean absent =
          codes instanceof byte[] bytes
              ? bytes[i] == 0
              : codes instanceof char[] chars
                  ? chars[i] == 0
                  : codes instanceof int[] ints ? ints[i] == 0 : ((long[]) codes)[i] == NONE;
      if (absent) {
        states[i] = otherState;
      }
    }
  }
}
