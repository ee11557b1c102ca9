package org.mesohub.segment;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdCompressCtx;
import com.github.luben.zstd.ZstdDecompressCtx;
import com.github.luben.zstd.ZstdException;

/**
 * Bare zstd frames (no magic, size or checksum: the chunk knows all three) with one context per
 * thread.
 */
final class Frames {
  /** Level for values: higher ones gain nothing on byte planes. */
  private static final int LEVEL_VALUES = 1;

  /** Level for header parts such as station ids, which are text and small. */
  private static final int LEVEL_HEADER = 4;

  /** Header parts below this are not worth a frame. */
  private static final int SECTION_PACK_MIN = 24;

  private static final ThreadLocal<ZstdCompressCtx> VALUES =
      ThreadLocal.withInitial(() -> compressor(LEVEL_VALUES));
  private static final ThreadLocal<ZstdCompressCtx> HEADER =
      ThreadLocal.withInitial(() -> compressor(LEVEL_HEADER));
  private static final ThreadLocal<ZstdDecompressCtx> READER =
      ThreadLocal.withInitial(() -> new ZstdDecompressCtx().setMagicless(true));

  private Frames() {}

  private static ZstdCompressCtx compressor(int level) {
    return new ZstdCompressCtx()
        .setLevel(level)
        .setMagicless(true)
        .setContentSize(false)
        .setChecksum(false)
        .setDictID(false);
  }

  /** Appends a frame of some values; returns its size. */
  static int packValues(byte[] source, int length, ByteWriter to) {
    return pack(VALUES.get(), source, length, to);
  }

  private static int pack(ZstdCompressCtx ctx, byte[] source, int length, ByteWriter to) {
    int bound = (int) Zstd.compressBound(length);
    to.reserve(bound);
    int size = ctx.compressByteArray(to.array(), to.size(), bound, source, 0, length);
    to.advance(size);
    return size;
  }

  /** Unpacks a frame that must hold exactly {@code length} bytes. */
  static byte[] unpack(byte[] source, int from, int size, int length) {
    var target = new byte[length];
    long got;
    try {
      got = READER.get().decompressByteArray(target, 0, length, source, from, size);
    } catch (ZstdException e) {
      throw new CorruptChunkException(
          "the stored bytes are damaged: a compressed part does not unpack; fetch the chunk from"
              + " another replica",
          e);
    }
    if (got != length) {
      throw ByteReader.corrupt("a compressed part has another length than stated");
    }
    return target;
  }

  /** Unpacked size, packed size (0: stored as it is), bytes. */
  static void writeSection(ByteWriter to, ByteWriter content) {
    to.varint(content.size());
    if (content.size() >= SECTION_PACK_MIN) {
      var packed = new ByteWriter(content.size() + 64);
      int size = pack(HEADER.get(), content.array(), content.size(), packed);
      if (size < content.size()) {
        to.varint(size);
        to.raw(packed.array(), 0, size);
        return;
      }
    }
    to.varint(0);
    to.raw(content.array(), 0, content.size());
  }

  static ByteReader readSection(ByteReader from, byte[] bytes, int unpackedMax) {
    int length = from.varint(0, unpackedMax, "the size of a section");
    int size = from.varint(0, Integer.MAX_VALUE, "the packed size of a section");
    if (size == 0) {
      int at = from.skip(length);
      return new ByteReader(bytes, at, at + length);
    }
    int at = from.skip(size);
    return new ByteReader(unpack(bytes, at, size, length));
  }
}
