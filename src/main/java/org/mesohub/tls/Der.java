package org.mesohub.tls;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/** The part of DER (ITU-T X.690) that certificates are made of: each method encodes one value. */
final class Der {
  private static final int INTEGER = 0x02;
  private static final int BIT_STRING = 0x03;
  private static final int OCTET_STRING = 0x04;
  private static final int OBJECT_IDENTIFIER = 0x06;
  private static final int UTF8_STRING = 0x0c;
  private static final int UTC_TIME = 0x17;
  private static final int GENERALIZED_TIME = 0x18;
  private static final int SEQUENCE = 0x30;
  private static final int SET = 0x31;

  /** Years from this on have four digits (RFC 5280, 4.1.2.5). */
  private static final int LONG_YEARS = 2050;

  private static final byte[] TRUE = {0x01, 0x01, (byte) 0xff};

  private Der() {}

  static byte[] sequence(byte[]... parts) {
    return tagged(SEQUENCE, parts);
  }

  static byte[] set(byte[]... parts) {
    return tagged(SET, parts);
  }

  static byte[] integer(BigInteger value) {
    return tagged(INTEGER, value.toByteArray());
  }

  static byte[] yes() {
    return TRUE.clone();
  }

  /**
   * A bit string of whole bytes but for the last.
   *
   * @param unused bits at the end of the last byte that do not count
   */
  static byte[] bits(int unused, byte... bytes) {
    return tagged(BIT_STRING, new byte[] {(byte) unused}, bytes);
  }

  static byte[] octets(byte... bytes) {
    return tagged(OCTET_STRING, bytes);
  }

  static byte[] text(String text) {
    return tagged(UTF8_STRING, text.getBytes(StandardCharsets.UTF_8));
  }

  /** An object identifier in dotted numbers. */
  static byte[] oid(String dotted) {
    String[] arcs = dotted.split("\\.", -1);
    var body = new ByteArrayOutputStream();
    long first = 40L * Long.parseLong(arcs[0]) + Long.parseLong(arcs[1]);
    base128(body, first);
    for (int i = 2; i < arcs.length; i++) {
      base128(body, Long.parseLong(arcs[i]));
    }
    return tagged(OBJECT_IDENTIFIER, body.toByteArray());
  }

  /** Whole seconds. */
  static byte[] time(Instant instant) {
    var utc = instant.atOffset(ZoneOffset.UTC);
    boolean isShort = utc.getYear() < LONG_YEARS;
    String text =
        utc.format(DateTimeFormatter.ofPattern((isShort ? "yy" : "yyyy") + "MMddHHmmss'Z'"));
    return tagged(isShort ? UTC_TIME : GENERALIZED_TIME, text.getBytes(StandardCharsets.US_ASCII));
  }

  /** A value whose tag its context explains; constructed ones hold other values. */
  static byte[] context(int number, boolean constructed, byte[]... parts) {
    return tagged((constructed ? 0xa0 : 0x80) | number, parts);
  }

  private static byte[] tagged(int tag, byte[]... parts) {
    int length = 0;
    for (byte[] part : parts) {
      length += part.length;
    }
    var out = new ByteArrayOutputStream();
    out.write(tag);
    if (length < 0x80) {
      out.write(length);
    } else {
      int bytes = (Integer.SIZE - Integer.numberOfLeadingZeros(length) + 7) / 8;
      out.write(0x80 | bytes);
      for (int shift = 8 * (bytes - 1); shift >= 0; shift -= 8) {
        out.write(length >> shift);
      }
    }
    for (byte[] part : parts) {
      out.writeBytes(part);
    }
    return out.toByteArray();
  }

  private static void base128(ByteArrayOutputStream out, long value) {
    int shift = 7 * ((63 - Long.numberOfLeadingZeros(value | 1)) / 7);
    for (; shift > 0; shift -= 7) {
      out.write((int) (0x80 | (value >> shift & 0x7f)));
    }
    out.write((int) (value & 0x7f));
  }
}
