package org.mesohub.format;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/** Bytes that are gzip or claim to be: members, header fields, damage, gzip within gzip. */
class GzipFuzz {
  private static final byte[] TEXT =
      "KSLC,2018-03-16 22:10:00,8.0,40.77,-111.95,1288.0,35.6,7.0,180.0,None,-9999.0,29.97,NULL,,1.0,0.01\n"
          .getBytes(StandardCharsets.UTF_8);

  static Stream<byte[]> seeds() {
    byte[] named = BadInputTest.gzip(TEXT);
    named[3] = 8;
    return Stream.of(
        BadInputTest.gzip(TEXT), BadInputTest.gzip(BadInputTest.gzip(TEXT)), named, TEXT);
  }

  @MethodSource("seeds")
  @FuzzTest
  void any_bytes_are_read_alike_in_any_pieces(byte[] input) {
    ReaderChecks.readsAlikeInPieces(input);
  }
}
