package org.mesohub.segment;

import java.util.zip.CRC32C;

/** The frame around a chunk: magic, version, content, padding, checksum. */
final class ChunkFormat {
  private static final byte[] MAGIC = {'M', 'H', 'C', 'K'};

  /** The one version that is read and written: none was released before it. */
  static final int VERSION = 3;

  /**
   * Largest number of rows in a block that a reader accepts, as a power of two, and the smallest.
   */
  static final int BLOCK_LOG2_MAX = 14;

  static final int BLOCK_LOG2_MIN = 10;

  /**
   * Bytes after the content: zeros, so that 8 bytes can be loaded at its last byte, then the
   * CRC-32C of all before it.
   */
  static final int PADDING = 4;

  static final int TRAILER = PADDING + 4;

  private static final int PREFIX = MAGIC.length + 1;

  private ChunkFormat() {}

  static void begin(ByteWriter to) {
    to.raw(MAGIC);
    to.u8(VERSION);
  }

  /** Pads and appends the checksum. */
  static byte[] seal(ByteWriter content) {
    content.int32(0);
    content.int32(checksum(content.array(), content.size()));
    return content.toByteArray();
  }

  /** Checks frame and checksum and gives the content. */
  static ByteReader open(byte[] bytes) {
    if (bytes.length > ChunkLimits.BYTES_MAX) {
      throw ByteReader.corrupt("the chunk is larger than " + ChunkLimits.BYTES_MAX + " bytes");
    }
    if (bytes.length < PREFIX + TRAILER) {
      throw ByteReader.corrupt("the chunk is shorter than its frame");
    }
    for (int i = 0; i < MAGIC.length; i++) {
      if (bytes[i] != MAGIC[i]) {
        throw ByteReader.corrupt("this is not a chunk");
      }
    }
    int version = bytes[MAGIC.length] & 0xff;
    if (version != VERSION) {
      throw new CorruptChunkException(
          "the chunk has format version "
              + version
              + ", this release reads version "
              + VERSION
              + "; run a release that knows it");
    }
    int end = bytes.length - TRAILER;
    var trailer = new ByteReader(bytes, end, bytes.length);
    if (trailer.int32() != 0 || trailer.int32() != checksum(bytes, bytes.length - 4)) {
      throw ByteReader.corrupt("the checksum is wrong");
    }
    return new ByteReader(bytes, PREFIX, end);
  }

  /** CRC-32C of the first bytes. */
  static int checksum(byte[] bytes, int length) {
    var crc = new CRC32C();
    crc.update(bytes, 0, length);
    return (int) crc.getValue();
  }
}
