package org.mesohub.segment;

/** The header's column part, written to lanes of like content, which pack better than mixed. */
final class HeaderLanes {
  /** Unpacked bytes of a lane, bounded for the reader's memory. */
  static final int LANE_MAX = 4 * ChunkLimits.BYTES_MAX;

  final ByteWriter meta = new ByteWriter(256);
  final ByteWriter dictionary = new ByteWriter(4096);
  final ByteWriter lengths = new ByteWriter(2048);

  /** Whether a reader takes them. */
  boolean fit() {
    return Math.max(meta.size(), Math.max(dictionary.size(), lengths.size())) <= LANE_MAX;
  }

  void writeTo(ByteWriter to) {
    to.section(meta);
    to.section(dictionary);
    to.section(lengths);
  }

  /** The lanes while they are read. */
  record Reader(ByteReader meta, ByteReader dictionary, ByteReader lengths) {
    static Reader of(ByteReader from) {
      return new Reader(from.section(LANE_MAX), from.section(LANE_MAX), from.section(LANE_MAX));
    }

    void expectEnd() {
      meta.expectEnd();
      dictionary.expectEnd();
      lengths.expectEnd();
    }
  }
}
