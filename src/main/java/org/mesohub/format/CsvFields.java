package org.mesohub.format;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Cuts a line into fields at commas, without spaces around them. A field in double quotes may hold
 * commas, and quotes doubled (RFC 4180, but not line ends).
 */
final class CsvFields {
  private int[] starts = new int[32];
  private int[] ends = new int[32];
  private int count;

  /** Where the fields lie: the line itself, or a copy without quotes. */
  private byte[] bytes = new byte[0];

  /**
   * Cuts a line; returns the number of fields, or -1 when a quote is not closed or not at a field's
   * edge.
   */
  int split(byte[] b, int off, int end) {
    for (int i = off; i < end; i++) {
      if (b[i] == '"') {
        return splitQuoted(b, off, end);
      }
    }
    return splitPlain(b, off, end);
  }

  /** Cuts at every comma, quotes or not. */
  int splitPlain(byte[] b, int off, int end) {
    bytes = b;
    count = 0;
    int from = off;
    for (int i = off; i < end; i++) {
      if (b[i] == ',') {
        add(from, i);
        from = i + 1;
      }
    }
    add(from, end);
    return count;
  }

  byte[] bytes() {
    return bytes;
  }

  int start(int field) {
    return starts[field];
  }

  int end(int field) {
    return ends[field];
  }

  boolean isEmpty(int field) {
    return starts[field] == ends[field];
  }

  boolean is(int field, byte[] text) {
    return Arrays.equals(bytes, starts[field], ends[field], text, 0, text.length);
  }

  String string(int field) {
    return new String(bytes, starts[field], ends[field] - starts[field], StandardCharsets.UTF_8);
  }

  /** The text from one field to another with what is between them. */
  String string(int first, int last) {
    return new String(bytes, starts[first], ends[last] - starts[first], StandardCharsets.UTF_8);
  }

  List<String> strings() {
    List<String> strings = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      strings.add(string(i));
    }
    return strings;
  }

  private int splitQuoted(byte[] b, int off, int end) {
    byte[] plain = new byte[end - off];
    bytes = plain;
    count = 0;
    int at = off;
    int to = 0;
    while (true) {
      int from = to;
      while (at < end && b[at] == ' ') {
        at++;
      }
      if (at < end && b[at] == '"') {
        at++;
        while (at < end && (b[at] != '"' || (at + 1 < end && b[at + 1] == '"'))) {
          at += b[at] == '"' ? 1 : 0;
          plain[to++] = b[at++];
        }
        if (at == end) {
          return -1;
        }
        at++;
        while (at < end && b[at] == ' ') {
          at++;
        }
        put(from, to);
      } else {
        while (at < end && b[at] != ',') {
          if (b[at] == '"') {
            return -1;
          }
          plain[to++] = b[at++];
        }
        add(from, to);
      }
      if (at == end) {
        return count;
      }
      if (b[at] != ',') {
        return -1;
      }
      at++;
    }
  }

  private void add(int from, int to) {
    int start = from;
    int end = to;
    while (start < end && bytes[start] == ' ') {
      start++;
    }
    while (end > start && bytes[end - 1] == ' ') {
      end--;
    }
    put(start, end);
  }

  private void put(int start, int end) {
    if (count == starts.length) {
      starts = Arrays.copyOf(starts, count * 2);
      ends = Arrays.copyOf(ends, count * 2);
    }
    starts[count] = start;
    ends[count] = end;
    count++;
  }
}
