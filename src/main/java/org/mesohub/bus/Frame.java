package org.mesohub.bus;

import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * A message on the bus, or a piece of one.
 *
 * <pre>
 * format u8 | kind u8 | pieces u16 | piece u16 | ttl ms u32 | boot i64 | request i64 | sent µs i64 |
 * term i64 | length of sender u8 | sender, UTF-8 | length of payload u32 | payload
 * </pre>
 *
 * @param boot random number of the sender's process
 * @param requestId ascending within a boot
 * @param sentMicros the sender's monotonic clock, microseconds since an instant of its own
 * @param ttlMillis the sender waits no longer
 * @param term Raft term of the sender, 0 when it has none to tell; never goes back
 * @param piece number of this piece, from 0
 */
record Frame(
    Kind kind,
    String sender,
    long boot,
    long requestId,
    long sentMicros,
    int ttlMillis,
    long term,
    int piece,
    int pieces,
    Buffer payload) {
  static final byte FORMAT = 1;

  /** Largest frame on the wire; what is larger travels in pieces. */
  static final int BYTES_MAX = 256 << 10;

  private static final int FIXED_BYTES = 1 + 1 + 2 + 2 + 4 + 4 * Long.BYTES + 1 + 4;
  private static final int SENDER_BYTES_MAX = 255;

  static final int PAYLOAD_BYTES_MAX = BYTES_MAX - FIXED_BYTES - SENDER_BYTES_MAX;

  /** Largest message: a batch of the log with what Ratis puts around it, and room to grow. */
  static final int MESSAGE_BYTES_MAX = 4 << 20;

  static final int PIECES_MAX = MESSAGE_BYTES_MAX / PAYLOAD_BYTES_MAX + 1;

  Frame {
    if (pieces < 1 || pieces > PIECES_MAX || piece < 0 || piece >= pieces) {
      throw new IllegalArgumentException("piece %d of %d".formatted(piece, pieces));
    }
    if (payload.length() > PAYLOAD_BYTES_MAX) {
      throw new IllegalArgumentException(
          "a frame of %d bytes, at most %d".formatted(payload.length(), PAYLOAD_BYTES_MAX));
    }
  }

  boolean isLastPiece() {
    return piece == pieces - 1;
  }

  /** This frame's message cut into frames; itself holds the whole payload no longer. */
  static List<Frame> cut(
      Kind kind,
      String sender,
      long boot,
      long requestId,
      long sentMicros,
      long term,
      byte[] message) {
    if (message.length > MESSAGE_BYTES_MAX) {
      throw new IllegalArgumentException(
          "a message of %d bytes, at most %d".formatted(message.length, MESSAGE_BYTES_MAX));
    }
    Buffer whole = Buffer.buffer(message);
    int pieces = Math.max(1, (message.length + PAYLOAD_BYTES_MAX - 1) / PAYLOAD_BYTES_MAX);
    int ttl = (int) kind.timeout().toMillis();
    List<Frame> frames = new ArrayList<>(pieces);
    for (int i = 0; i < pieces; i++) {
      int from = i * PAYLOAD_BYTES_MAX;
      int to = Math.min(message.length, from + PAYLOAD_BYTES_MAX);
      frames.add(
          new Frame(
              kind,
              sender,
              boot,
              requestId,
              sentMicros,
              ttl,
              term,
              i,
              pieces,
              whole.slice(from, to)));
    }
    return frames;
  }

  void appendTo(Buffer wire) {
    byte[] name = sender.getBytes(StandardCharsets.UTF_8);
    wire.appendByte(FORMAT)
        .appendByte(kind.code())
        .appendUnsignedShort(pieces)
        .appendUnsignedShort(piece)
        .appendInt(ttlMillis)
        .appendLong(boot)
        .appendLong(requestId)
        .appendLong(sentMicros)
        .appendLong(term)
        .appendUnsignedByte((short) name.length)
        .appendBytes(name)
        .appendInt(payload.length())
        .appendBuffer(payload);
  }

  /** Reads a frame; fails with IllegalArgumentException or IndexOutOfBoundsException. */
  static Frame read(int from, Buffer wire) {
    if (wire.getByte(from) != FORMAT) {
      throw new IllegalArgumentException(
          "a frame of format %d, this program knows format %d"
              .formatted(wire.getByte(from), FORMAT));
    }
    Kind kind = Kind.of(wire.getByte(from + 1));
    int pieces = wire.getUnsignedShort(from + 2);
    int piece = wire.getUnsignedShort(from + 4);
    int ttl = wire.getInt(from + 6);
    int at = from + 10;
    long boot = wire.getLong(at);
    long requestId = wire.getLong(at + 8);
    long sent = wire.getLong(at + 16);
    long term = wire.getLong(at + 24);
    int nameEnd = at + 33 + wire.getUnsignedByte(at + 32);
    String sender = wire.getString(at + 33, nameEnd);
    int length = wire.getInt(nameEnd);
    if (length < 0 || length > PAYLOAD_BYTES_MAX) {
      throw new IllegalArgumentException("a frame with %d bytes".formatted(length));
    }
    Buffer payload = wire.getBuffer(nameEnd + 4, nameEnd + 4 + length);
    return new Frame(kind, sender, boot, requestId, sent, ttl, term, piece, pieces, payload);
  }
}
