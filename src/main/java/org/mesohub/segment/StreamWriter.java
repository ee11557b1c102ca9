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

  /** Planes not shorter in one block are not tried in later ones: trying costs most of encoding. */
  private boolean planesGain = true;

  private final TableBuilder coder;
  private final long[] numbers;
  private final ByteWriter coded = new ByteWriter(4096);
  private final ByteWriter planes = new ByteWriter(4096);

  StreamWriter(long[] numbers, int count) {
    this.numbers = numbers;
    this.coder = TableBuilder.build(numbers, count);
  }

  void writeTable(HeaderLanes lanes) {
    coder.write(lanes);
  }

  /** Appends the numbers {@code [from, to)} of a block, in the shorter form. */
  void writeBlock(int from, int to, ByteWriter out) {
    if (coder.isSilent() || from == to) {
      return;
    }
    coded.clear();
    coder.encode(numbers, from, to, coded);
    if (planesGain && to - from >= PLANES_MIN) {
      planesGain = writePlanes(from, to, coded.size() - coded.size() / PLANES_GAIN);
    }
    if (planesGain && to - from >= PLANES_MIN) {
      out.varint(FORM_PLANES);
      out.raw(planes.array(), 0, planes.size());
      return;
    }
    out.varint(FORM_TABLE);
    out.raw(coded.array(), 0, coded.size());
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
