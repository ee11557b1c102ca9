package org.mesohub.format;

import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * Unpacks gzip (RFC 1952) as it arrives, members one after another, and feeds what is inside to
 * another reader. Checks CRC and length of every member. Zero bytes after the last member are
 * padding.
 */
final class GzipReader implements FormatReader {
  private static final int OUTPUT_BYTES = 64 * 1024;
  private static final int FLAG_HEADER_CRC = 2;
  private static final int FLAG_EXTRA = 4;
  private static final int FLAG_NAME = 8;
  private static final int FLAG_COMMENT = 16;
  private static final int FLAGS_RESERVED = 0xE0;
  private static final int FIXED_HEADER_BYTES = 10;
  private static final int TRAILER_BYTES = 8;

  /** Where in a member the next byte belongs. */
  private enum State {
    FIXED_HEADER,
    EXTRA_LENGTH,
    EXTRA,
    NAME,
    COMMENT,
    HEADER_CRC,
    BODY,
    TRAILER,
    BETWEEN
  }

  private final FormatReader inner;
  private final Inflater inflater = new Inflater(true);
  private final CRC32 crc = new CRC32();
  private final byte[] output = new byte[OUTPUT_BYTES];
  private State state = State.FIXED_HEADER;
  private int flags;
  private int seen;
  private int extra;
  private long trailer;
  private long offset;
  private final long unpackedBytesMax;
  private long unpacked;

  /**
   * @param unpackedBytesMax most bytes of all members together
   */
  GzipReader(FormatReader inner, long unpackedBytesMax) {
    this.inner = inner;
    this.unpackedBytesMax = unpackedBytesMax;
  }

  @Override
  public String format() {
    return inner.format();
  }

  @Override
  public void feed(byte[] buf, int off, int len) {
    try {
      int at = off;
      int end = off + len;
      while (at < end) {
        if (state == State.BODY) {
          int used = inflate(buf, at, end - at);
          at += used;
          offset += used;
        } else {
          step(buf[at] & 0xFF);
          at++;
          offset++;
        }
      }
    } catch (RuntimeException e) {
      inflater.end();
      throw e;
    }
  }

  @Override
  public void finish() {
    inflater.end();
    if (state != State.BETWEEN) {
      throw new FormatException(
          "gzip data end too early at byte %d (in its %s): the file is truncated, send it again whole"
              .formatted(
                  offset,
                  state == State.BODY ? "data" : state == State.TRAILER ? "trailer" : "header"),
          offset);
    }
    inner.finish();
  }

  private int inflate(byte[] buf, int off, int len) {
    inflater.setInput(buf, off, len);
    try {
      while (true) {
        int n = inflater.inflate(output);
        if (n > 0) {
          unpacked += n;
          if (unpacked > unpackedBytesMax) {
            throw new FormatException(
                "gzip data unpack to more than %d bytes (limits.putBytesMax); nothing was stored, put it in parts"
                    .formatted(unpackedBytesMax),
                offset);
          }
          crc.update(output, 0, n);
          inner.feed(output, 0, n);
        } else if (inflater.finished()) {
          state = State.TRAILER;
          seen = 0;
          trailer = 0;
          return len - inflater.getRemaining();
        } else if (inflater.needsDictionary()) {
          throw corrupt("asks for a dictionary");
        } else {
          return len - inflater.getRemaining();
        }
      }
    } catch (DataFormatException e) {
      long at = offset + len - inflater.getRemaining();
      throw new FormatException(
          "gzip data are corrupt near byte %d (%s): send the file again"
              .formatted(at, e.getMessage()),
          at,
          e);
    }
  }

  private void step(int b) {
    switch (state) {
      case FIXED_HEADER -> fixedHeader(b);
      case EXTRA_LENGTH -> {
        extra |= b << (8 * seen++);
        if (seen == 2) {
          enter(extra == 0 ? State.NAME : State.EXTRA);
        }
      }
      case EXTRA -> {
        if (++seen == extra) {
          enter(State.NAME);
        }
      }
      case NAME -> {
        if (b == 0) {
          enter(State.COMMENT);
        }
      }
      case COMMENT -> {
        if (b == 0) {
          enter(State.HEADER_CRC);
        }
      }
      case HEADER_CRC -> {
        if (++seen == 2) {
          enter(State.BODY);
        }
      }
      case TRAILER -> {
        trailer |= (long) b << (8 * seen++);
        if (seen == TRAILER_BYTES) {
          endMember();
        }
      }
      case BETWEEN -> {
        if (b != 0) {
          enter(State.FIXED_HEADER);
          fixedHeader(b);
        }
      }
      case BODY -> throw new IllegalStateException("body bytes are inflated, not stepped");
    }
  }

  private void fixedHeader(int b) {
    boolean right =
        switch (seen) {
          case 0 -> b == 0x1F;
          case 1 -> b == 0x8B;
          case 2 -> b == 8;
          case 3 -> (b & FLAGS_RESERVED) == 0;
          default -> true;
        };
    if (!right) {
      throw corrupt("no gzip member starts here");
    }
    if (seen == 3) {
      flags = b;
    }
    if (++seen == FIXED_HEADER_BYTES) {
      enter(State.EXTRA_LENGTH);
    }
  }

  /** Goes to a state, or past it where the header's flags leave it out. */
  private void enter(State next) {
    State to = next;
    if (to == State.EXTRA_LENGTH && (flags & FLAG_EXTRA) == 0) {
      to = State.NAME;
    }
    if (to == State.NAME && (flags & FLAG_NAME) == 0) {
      to = State.COMMENT;
    }
    if (to == State.COMMENT && (flags & FLAG_COMMENT) == 0) {
      to = State.HEADER_CRC;
    }
    if (to == State.HEADER_CRC && (flags & FLAG_HEADER_CRC) == 0) {
      to = State.BODY;
    }
    if (to == State.EXTRA_LENGTH) {
      extra = 0;
    }
    if (to == State.BODY) {
      inflater.reset();
      crc.reset();
    }
    seen = 0;
    state = to;
  }

  private void endMember() {
    if ((trailer & 0xFFFF_FFFFL) != crc.getValue()
        || trailer >>> 32 != (inflater.getBytesWritten() & 0xFFFF_FFFFL)) {
      throw corrupt("its checksum or length does not match");
    }
    enter(State.BETWEEN);
  }

  private FormatException corrupt(String what) {
    return new FormatException(
        "gzip data are corrupt at byte %d (%s): send the file again".formatted(offset, what),
        offset);
  }
}
