package org.mesohub.segment;

/**
 * The numbers of one stream over all blocks of a chunk, and their writing by a table built for
 * them.
 */
final class StreamWriter {
  /** The stream follows as its table says. */
  static final int FORM_TABLE = 0;

  /** The quotients follow as byte planes in a zstd frame. */
  static final int FORM_PLANES = 1;

  /** Fewer numbers than this are not tried as planes. */
  private static final int PLANES_MIN = 32;

  /**
   * A frame must save one part in this many: unpacking it costs several times what the codes cost.
   */
  private static final int PLANES_GAIN = 4;

  /** Codes longer than this on average are not tried: they vary too much for frames. */
  private static final int PLANES_BITS_MAX = 3;

  /** Planes not shorter in one block are not tried in later ones: trying costs most of encoding. */
  private boolean planesGain = true;

  private final TableBuilder coder;
  private final long[] numbers;
  private final ByteWriter planes = new ByteWriter(0);

  /** For the numbers {@code [from, to)}. */
  StreamWriter(long[] numbers, int from, int to, EncodeScratch scratch) {
    this.numbers = numbers;
    this.coder = TableBuilder.build(numbers, from, to, scratch);
  }

  void writeTable(HeaderLanes lanes) {
    coder.write(lanes);
  }

  /** Ends the writing. */
  void close() {
    coder.close();
  }

  /** Appends the numbers {@code [from, to)} of a block, in the shorter form. */
  void writeBlock(int from, int to, ByteWriter out) {
    if (coder.isSilent() || from == to) {
      return;
    }
    int mark = out.size();
    out.varint(FORM_TABLE);
    coder.encode(numbers, from, to, out);
    if (planesGain && to - from >= PLANES_MIN) {
      int size = out.size() - mark;
      planesGain =
          size * Byte.SIZE <= (to - from) * PLANES_BITS_MAX
              && writePlanes(from, to, size - size / PLANES_GAIN);
      if (planesGain) {
        out.truncate(mark);
        out.varint(FORM_PLANES);
        out.raw(planes.array(), 0, planes.size());
      }
    }
  }

  private boolean writePlanes(int from, int to, int sizeToBeat) {
    byte[] raw = coder.planes(numbers, from, to);
    var frame = new ByteWriter(raw.length + 64);
    int size = Frames.packValues(raw, raw.length, frame);
    planes.clear();
    planes.varint(size);
    planes.raw(frame.array(), 0, size);
    return planes.size() < sizeToBeat;
  }
}
