package org.mesohub.segment;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/** The manifest decoder on forged bytes; what it takes must survive being written again. */
class ManifestFuzz {
  private static final int CHECKSUM = 4;

  static Stream<byte[]> seeds() {
    var chunk = ManifestTest.sample().runs().get(0).get(0);
    return Stream.of(ManifestTest.sample(), new Manifest(List.of(List.of(chunk))))
        .map(Manifest::encode)
        .map(bytes -> Arrays.copyOf(bytes, bytes.length - CHECKSUM));
  }

  @MethodSource("seeds")
  @FuzzTest
  void forged_bytes_are_a_manifest_or_corrupt(byte[] input) {
    var content = new ByteWriter(input.length + CHECKSUM);
    content.raw(input, 0, input.length);
    content.int32(ChunkFormat.checksum(input, input.length));
    Manifest read;
    try {
      read = Manifest.decode(content.toByteArray());
    } catch (CorruptChunkException expected) {
      return;
    }
    if (!Manifest.decode(read.encode()).equals(read)) {
      throw new AssertionError("written again it reads differently: " + read);
    }
  }
}
