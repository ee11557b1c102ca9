package org.mesohub.cluster;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * The payload of one Raft entry: all entries that waited when it was proposed, under one time
 * stamp. A frame without entries is a barrier: applying it changes nothing, but proves that the
 * leader still led and that everything before it is applied.
 *
 * <p>Layout, big endian: format version (1 byte), time (8), number of entries (4), then per entry
 * its length (4) and bytes.
 *
 * @param timeMicros the leader's clock when it proposed the frame, microseconds since 1970
 */
record BatchFrame(long timeMicros, List<byte[]> entries) {
  static final int FORMAT = 1;
  static final int HEADER_BYTES = 1 + Long.BYTES + Integer.BYTES;

  /** Most entries in one frame: keeps framing overhead under 16 KiB and one apply short. */
  static final int ENTRIES_MAX = 4_096;

  /** Most payload in one frame: exactly one entry of the largest size. */
  static final int PAYLOAD_BYTES_MAX = ReplicatedLog.ENTRY_BYTES_MAX;

  /** Upper bound of an encoded frame. */
  static final int BYTES_MAX = HEADER_BYTES + ENTRIES_MAX * Integer.BYTES + PAYLOAD_BYTES_MAX;

  ByteBuffer encode() {
    ByteBuffer out = ByteBuffer.allocate(HEADER_BYTES + FramedList.encodedBytes(entries));
    out.put((byte) FORMAT).putLong(timeMicros).putInt(entries.size());
    FramedList.put(entries, out);
    return out.flip();
  }

  /** Fails with IllegalStateException for an unknown format version or a damaged frame. */
  static BatchFrame decode(ByteBuffer in) {
    try {
      int format = in.get();
      if (format != FORMAT) {
        throw new IllegalStateException(
            "a log entry has format %d, this program reads format %d: start a newer program on this folder"
                .formatted(format, FORMAT));
      }
      long timeMicros = in.getLong();
      return new BatchFrame(timeMicros, FramedList.get(in.getInt(), in));
    } catch (BufferUnderflowException e) {
      throw new IllegalStateException("a log entry is cut short: the log is damaged", e);
    }
  }

  /** Byte strings one after the other, each with its length before it. */
  static final class FramedList {
    private FramedList() {}

    static int encodedBytes(List<byte[]> items) {
      int bytes = items.size() * Integer.BYTES;
      for (byte[] item : items) {
        bytes = Math.addExact(bytes, item.length);
      }
      return bytes;
    }

    static void put(List<byte[]> items, ByteBuffer out) {
      for (byte[] item : items) {
        out.putInt(item.length).put(item);
      }
    }

    /** Reads exactly {@code count} items and nothing behind them. */
    static List<byte[]> get(int count, ByteBuffer in) {
      if (count < 0 || (long) count * Integer.BYTES > in.remaining()) {
        throw new IllegalStateException(
            "a frame claims %d items in %d bytes: it is damaged".formatted(count, in.remaining()));
      }
      List<byte[]> items = new ArrayList<>(count);
      for (int i = 0; i < count; i++) {
        int length = in.getInt();
        if (length < 0 || length > in.remaining()) {
          throw new IllegalStateException(
              "item %d of a frame claims %d of %d bytes: it is damaged"
                  .formatted(i, length, in.remaining()));
        }
        byte[] item = new byte[length];
        in.get(item);
        items.add(item);
      }
      if (in.hasRemaining()) {
        throw new IllegalStateException(
            "a frame has %d bytes too many: it is damaged".formatted(in.remaining()));
      }
      return items;
    }
  }
}
