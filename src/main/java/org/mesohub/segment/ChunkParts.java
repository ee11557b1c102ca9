package org.mesohub.segment;

/**
 * The parts of all blocks of a chunk to be. They are written column by column, which keeps a
 * column's tables in the processor's cache, and stored block by block.
 */
final class ChunkParts {
  private final ByteWriter written;
  private final int blocks;
  private int[] start = new int[64];
  private int[] end = new int[64];
  private int count;

  /**
   * @param capacity bytes expected
   */
  ChunkParts(int blocks, int capacity) {
    this.blocks = blocks;
    this.written = new ByteWriter(capacity);
  }

  /** Where the next part is to be written. */
  ByteWriter begin() {
    if (count == start.length) {
      start = java.util.Arrays.copyOf(start, count * 2);
      end = java.util.Arrays.copyOf(end, count * 2);
    }
    start[count] = written.size();
    return written;
  }

  /** Ends a part; those of one column come in the order of blocks. */
  void end(int block) {
    if (count % blocks != block) {
      throw new IllegalStateException("parts are written in another order than blocks");
    }
    end[count++] = written.size();
  }

  /** Bytes of all parts. */
  int size() {
    return written.size();
  }

  /** Appends the sizes of all parts in their order in the chunk. */
  void sizes(ByteWriter to) {
    for (int block = 0; block < blocks; block++) {
      for (int part = block; part < count; part += blocks) {
        to.varint(end[part] - start[part]);
      }
    }
  }

  /** Appends all parts. */
  void writeTo(ByteWriter to) {
    for (int block = 0; block < blocks; block++) {
      for (int part = block; part < count; part += blocks) {
        to.raw(written.array(), start[part], end[part] - start[part]);
      }
    }
  }
}
