package org.mesohub.cluster;

import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.CRC32C;

/**
 * The state of a {@link LogStateMachine} in a file, with the two counters that go on from it.
 *
 * <p>Layout, big endian: magic (4 bytes), format version (4), op index (8), time (8), length of the
 * state (4), state, CRC-32C of all before it (4).
 *
 * @param opIndex index of the last entry applied
 * @param timeMicros time given to the last entry applied
 */
record SnapshotFile(long opIndex, long timeMicros, byte[] state) {
  static final int FORMAT = 1;
  private static final int MAGIC = 0x4D48_5253; // "MHRS"
  private static final int HEADER_BYTES = 4 + 4 + 8 + 8 + 4;
  private static final int TRAILER_BYTES = 4;

  /** Writes the file so that it is either whole and durable or absent. */
  void write(Path file) throws IOException {
    ByteBuffer out = ByteBuffer.allocate(HEADER_BYTES + state.length + TRAILER_BYTES);
    out.putInt(MAGIC).putInt(FORMAT).putLong(opIndex).putLong(timeMicros).putInt(state.length);
    out.put(state);
    out.putInt(crc(out.array(), HEADER_BYTES + state.length));
    AtomicFile.write(file, out.flip());
  }

  /** Fails with IllegalStateException for an unknown format version or a damaged file. */
  static SnapshotFile read(Path file) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    try {
      ByteBuffer in = ByteBuffer.wrap(bytes);
      if (in.getInt() != MAGIC) {
        throw damaged(file, "is no snapshot of this program", null);
      }
      int format = in.getInt();
      if (format != FORMAT) {
        throw new IllegalStateException(
            "snapshot %s has format %d, this program reads format %d: start a newer program on this folder"
                .formatted(file, format, FORMAT));
      }
      long opIndex = in.getLong();
      long timeMicros = in.getLong();
      int length = in.getInt();
      if (length < 0 || length != in.remaining() - TRAILER_BYTES) {
        throw damaged(file, "has the wrong length", null);
      }
      byte[] state = new byte[length];
      in.get(state);
      if (in.getInt() != crc(bytes, HEADER_BYTES + length)) {
        throw damaged(file, "does not match its checksum", null);
      }
      return new SnapshotFile(opIndex, timeMicros, state);
    } catch (BufferUnderflowException e) {
      throw damaged(file, "is cut short", e);
    }
  }

  private static IllegalStateException damaged(
      Path file, String how, @org.jspecify.annotations.Nullable Throwable cause) {
    return new IllegalStateException(
        "snapshot %s %s: restore the data folder from a backup, or empty it if other nodes of the cluster have the data"
            .formatted(file, how),
        cause);
  }

  private static int crc(byte[] bytes, int length) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, 0, length);
    return (int) crc.getValue();
  }
}
