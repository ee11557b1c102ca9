package org.mesohub.catalog;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * Some tokens in arrays, ascending by key; beside its answer each takes {@value #TOKEN_BYTES}
 * bytes. Immutable.
 *
 * <p>A token that has left the window stays without its content and answer, and only the highest of
 * its client, so that older ones are known to be old.
 */
final class TokenRun {
  /** Eight longs and ints of each token in the arrays below. */
  static final int TOKEN_BYTES = 56;

  private final int size;
  private final long[] high;
  private final long[] low;
  private final long[] sequence;
  private final long[] contentHigh;
  private final long[] contentLow;
  private final long[] time;
  private final int[] answerEnd;
  private final int[] byAge;
  private byte[] answers = {};
  private int marks;

  /**
   * A token.
   *
   * @param content first bytes of the hash of the client's bytes; empty when it has left the window
   * @param answer what it was answered, serialized; empty when it has left the window
   */
  @SuppressWarnings("ArrayRecordComponent")
  record Item(TokenKey key, byte[] content, long timeMicros, byte[] answer) {}

  private TokenRun(int size) {
    this.size = size;
    this.high = new long[size];
    this.low = new long[size];
    this.sequence = new long[size];
    this.contentHigh = new long[size];
    this.contentLow = new long[size];
    this.time = new long[size];
    this.answerEnd = new int[size];
    this.byAge = new int[size];
  }

  static TokenRun of(Item item) {
    var run = new TokenRun(1);
    run.set(0, item);
    run.marks = item.answer.length == 0 ? 1 : 0;
    return run;
  }

  int size() {
    return size;
  }

  long bytes() {
    return (long) size * TOKEN_BYTES + answers.length;
  }

  /** How many have left the window and lost their content already. */
  int marks() {
    return marks;
  }

  TokenKey key(int at) {
    return new TokenKey(high[at], low[at], sequence[at]);
  }

  long timeMicros(int at) {
    return time[at];
  }

  byte[] answer(int at) {
    return Arrays.copyOfRange(answers, at == 0 ? 0 : answerEnd[at - 1], answerEnd[at]);
  }

  boolean hasContent(int at, byte[] content) {
    ByteBuffer hash = ByteBuffer.wrap(content);
    return contentHigh[at] == hash.getLong() && contentLow[at] == hash.getLong();
  }

  private Item item(int at) {
    byte[] answer = answer(at);
    byte[] content =
        answer.length == 0
            ? new byte[0]
            : ByteBuffer.allocate(TokenKey.HASH_BYTES)
                .putLong(contentHigh[at])
                .putLong(contentLow[at])
                .array();
    return new Item(key(at), content, time[at], answer);
  }

  private static int compare(TokenRun a, int i, TokenRun b, int j) {
    int byHigh = Long.compare(a.high[i], b.high[j]);
    int byLow = byHigh != 0 ? byHigh : Long.compare(a.low[i], b.low[j]);
    return byLow != 0 ? byLow : Long.compare(a.sequence[i], b.sequence[j]);
  }

  /** Position of a key, or that of the next one, as -position - 1. */
  int find(TokenKey key) {
    int from = 0;
    int to = size;
    while (from < to) {
      int middle = (from + to) >>> 1;
      int order = key(middle).compareTo(key);
      if (order == 0) {
        return middle;
      }
      if (order < 0) {
        from = middle + 1;
      } else {
        to = middle;
      }
    }
    return -from - 1;
  }

  /** Tokens with a time up to one. */
  int upTo(long micros) {
    int from = 0;
    int to = size;
    while (from < to) {
      int middle = (from + to) >>> 1;
      if (time[byAge[middle]] <= micros) {
        from = middle + 1;
      } else {
        to = middle;
      }
    }
    return from;
  }

  /**
   * Two runs as one.
   *
   * @param cut tokens up to this time have left the window
   * @param forgotten tokens up to this time are forgotten
   */
  static TokenRun merge(TokenRun a, TokenRun b, long cut, long forgotten) {
    var merged = new Filler(a, b, cut, forgotten);
    int i = 0;
    int j = 0;
    while (i < a.size || j < b.size) {
      boolean first = j == b.size || (i < a.size && compare(a, i, b, j) <= 0);
      merged.add(first ? a : b, first ? i++ : j++);
    }
    return merged.run();
  }

  static TokenRun none() {
    return new TokenRun(0);
  }

  /** Without what has left the window, its marks apart, or is forgotten. */
  TokenRun without(long cut, long forgotten) {
    return merge(this, none(), cut, forgotten);
  }

  private void set(int at, Item item) {
    high[at] = item.key.high();
    low[at] = item.key.low();
    sequence[at] = item.key.sequence();
    time[at] = item.timeMicros;
    if (item.content.length > 0) {
      ByteBuffer hash = ByteBuffer.wrap(item.content);
      contentHigh[at] = hash.getLong();
      contentLow[at] = hash.getLong();
    }
    answer(at, item.answer, 0, item.answer.length);
  }

  /** Takes a token from another run, with its content and answer or without. */
  private void copy(int at, TokenRun from, int position, boolean whole) {
    high[at] = from.high[position];
    low[at] = from.low[position];
    sequence[at] = from.sequence[position];
    time[at] = from.time[position];
    contentHigh[at] = whole ? from.contentHigh[position] : 0;
    contentLow[at] = whole ? from.contentLow[position] : 0;
    int begin = position == 0 ? 0 : from.answerEnd[position - 1];
    answer(at, from.answers, begin, whole ? from.answerEnd[position] - begin : 0);
  }

  private void answer(int at, byte[] bytes, int offset, int length) {
    int begin = at == 0 ? 0 : answerEnd[at - 1];
    answerEnd[at] = begin + length;
    if (answers.length < answerEnd[at]) {
      answers = Arrays.copyOf(answers, Math.max(answerEnd[at], answers.length * 2));
    }
    System.arraycopy(bytes, offset, answers, begin, length);
  }

  /** Fills a run in ascending order. */
  private static final class Filler {
    private final TokenRun a;
    private final TokenRun b;
    private final TokenRun wide;

    /** Where each came from: a position in a, or in b as -position - 1. */
    private final int[] source;

    private final long cut;
    private final long forgotten;
    private int filled;

    Filler(TokenRun a, TokenRun b, long cut, long forgotten) {
      this.a = a;
      this.b = b;
      this.wide = new TokenRun(a.size + b.size);
      this.source = new int[a.size + b.size];
      this.cut = cut;
      this.forgotten = forgotten;
    }

    void add(TokenRun from, int at) {
      if (from.time[at] <= forgotten) {
        return;
      }
      boolean left = from.time[at] <= cut;
      // A higher sequence that left later says all that the one before it says.
      while (left && filled > 0 && isCovered(from, at)) {
        filled--;
      }
      source[filled] = from == a ? at : -at - 1;
      wide.copy(filled++, from, at, !left);
    }

    private boolean isCovered(TokenRun from, int at) {
      int last = filled - 1;
      return wide.high[last] == from.high[at]
          && wide.low[last] == from.low[at]
          && wide.time[last] <= cut
          && wide.time[last] <= from.time[at];
    }

    TokenRun run() {
      var run = new TokenRun(filled);
      System.arraycopy(wide.high, 0, run.high, 0, filled);
      System.arraycopy(wide.low, 0, run.low, 0, filled);
      System.arraycopy(wide.sequence, 0, run.sequence, 0, filled);
      System.arraycopy(wide.contentHigh, 0, run.contentHigh, 0, filled);
      System.arraycopy(wide.contentLow, 0, run.contentLow, 0, filled);
      System.arraycopy(wide.time, 0, run.time, 0, filled);
      System.arraycopy(wide.answerEnd, 0, run.answerEnd, 0, filled);
      run.answers = Arrays.copyOf(wide.answers, filled == 0 ? 0 : wide.answerEnd[filled - 1]);
      for (int at = 0; at < filled; at++) {
        run.marks += run.answerEnd[at] == (at == 0 ? 0 : run.answerEnd[at - 1]) ? 1 : 0;
      }
      age(run);
      return run;
    }

    /** Both are in order of age: so is what is left of them, taken in turns. */
    private void age(TokenRun run) {
      int[] placeOfA = places(a.size, false);
      int[] placeOfB = places(b.size, true);
      int i = 0;
      int j = 0;
      int aged = 0;
      while (i < a.size || j < b.size) {
        boolean first = j == b.size || (i < a.size && a.time[a.byAge[i]] <= b.time[b.byAge[j]]);
        int place = first ? placeOfA[a.byAge[i++]] : placeOfB[b.byAge[j++]];
        if (place >= 0) {
          run.byAge[aged++] = place;
        }
      }
    }

    private int[] places(int size, boolean second) {
      var places = new int[size];
      Arrays.fill(places, -1);
      for (int at = 0; at < filled; at++) {
        if (source[at] < 0 == second) {
          places[second ? -source[at] - 1 : source[at]] = at;
        }
      }
      return places;
    }
  }

  /** All tokens by time, then key, without marks that another one makes needless. */
  List<Item> oldestFirst(long cut) {
    List<Item> items = new ArrayList<>(size);
    long markedUpTo = Long.MIN_VALUE;
    for (int at = size - 1; at >= 0; at--) {
      boolean sameClient = at + 1 < size && high[at] == high[at + 1] && low[at] == low[at + 1];
      markedUpTo = sameClient ? markedUpTo : Long.MIN_VALUE;
      if (time[at] > cut) {
        items.add(item(at));
      } else if (time[at] > markedUpTo) {
        items.add(item(at));
        markedUpTo = time[at];
      }
    }
    items.sort(Comparator.comparingLong(Item::timeMicros).thenComparing(Item::key));
    return items;
  }
}
