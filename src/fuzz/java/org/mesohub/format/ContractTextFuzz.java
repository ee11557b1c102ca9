package org.mesohub.format;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/** Messages of the 2018 contract: CSV rows, station rows and raw records in any mixture. */
class ContractTextFuzz {
  private static final String ROWS =
      """
      STN,TIMESTAMP,MNET,SLAT,SLON,SELV,TMPF,SKNT,DRCT,GUST,PMSL,ALTI,DWPF,RELH,WTHR,P24I
      KSLC,2018-03-16 22:10:00,8.0,40.77,-111.95,1288.0,35.6,7.0,180.0,None,-9999.0,29.97,NULL,,1.0,0.01
      NULL1,2018-03-16 22:10:00,NULL,40.1,-88.2,264.4,NULL,NULL,NULL,NULL,NULL
      "K,\\"C",20180316/2210,8,1,2,3,4,5,6,7,8,9,10,11,12,13,
       PARM = MNET;SLAT;SLON;SELV;TMPF;SKNT;DRCT;GUST;PMSL;ALTI;DWPF;RELH;WTHR;P24I
          KFSD 20180316/2210     1.00    43.58   -96.75   435.00    33.80     8.00    90.00 -9999.00  1012.00    29.80    30.00    86.37200241.00 -9999.00
      """;

  static Stream<byte[]> seeds() {
    return Stream.of(ROWS.getBytes(StandardCharsets.UTF_8));
  }

  @MethodSource("seeds")
  @FuzzTest
  void nothing_is_thrown_and_messages_stand_alone(byte[] input) {
    var once = ReaderChecks.messages(text -> text.message(input, 0, input.length));
    var twice =
        ReaderChecks.messages(
            text -> {
              text.message(input, 0, input.length);
              text.message(input, 0, input.length);
            });
    if (twice.size() != 2 * once.size() - 1) {
      throw new AssertionError("the same message twice:\n" + twice + "\nonce:\n" + once);
    }
    ReaderChecks.readsAlikeInPieces(input);
  }
}
