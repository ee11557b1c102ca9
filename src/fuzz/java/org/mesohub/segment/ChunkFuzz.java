package org.mesohub.segment;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.ArrayList;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The chunk decoder on bytes that someone forged: the checksum is made right, everything below it
 * is the input's.
 */
class ChunkFuzz {
  static Stream<byte[]> seeds() {
    return IntStream.range(0, 8)
        .mapToObj(
            seed -> {
              var random = new Random(seed);
              var rows = VersionRows.random(random, 1 + 30 * seed);
              byte[] chunk = VersionRows.encode(rows, random).get(0).bytes();
              return java.util.Arrays.copyOf(chunk, chunk.length - ChunkFormat.TRAILER);
            });
  }

  @MethodSource("seeds")
  @FuzzTest
  void forged_bytes_are_a_chunk_or_corrupt(byte[] input) {
    var content = new ByteWriter(input.length + ChunkFormat.TRAILER);
    content.raw(input, 0, input.length);
    byte[] forged = ChunkFormat.seal(content);
    try {
      Chunk.open(input);
    } catch (CorruptChunkException expected) {
      // A checksum is met by chance once in four thousand million.
    }
    try {
      readAll(Chunk.open(forged));
    } catch (CorruptChunkException expected) {
      if (expected.getMessage() == null) {
        throw new AssertionError("a failure without a message", expected);
      }
    }
  }

  private static void readAll(Chunk chunk) {
    var rows = 0;
    var stations = chunk.stations().size();
    var origins = chunk.origins().size();
    for (int b = 0; b < chunk.blocks(); b++) {
      Chunk.Block block = chunk.block(b);
      block.first();
      block.last();
      rows += block.rows();
      for (int station : block.station()) {
        java.util.Objects.checkIndex(station, stations);
      }
      for (int origin : block.origin()) {
        java.util.Objects.checkIndex(origin, origins);
      }
      if (block.timeMicros().length < block.rows()) {
        throw new AssertionError("fewer times than rows");
      }
      var sizes = new ArrayList<Integer>();
      for (int c = 0; c < chunk.columns().size(); c++) {
        block.min(c);
        block.max(c);
        sizes.add(block.column(c).states().length);
      }
      for (int size : sizes) {
        if (size < block.rows()) {
          throw new AssertionError("a column of " + size + " rows in a block of " + block.rows());
        }
      }
    }
    if (rows != chunk.rows()) {
      throw new AssertionError("blocks hold " + rows + " rows, the chunk " + chunk.rows());
    }
    VersionRows.of(chunk);
  }
}
