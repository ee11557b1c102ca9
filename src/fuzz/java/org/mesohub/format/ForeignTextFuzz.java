package org.mesohub.format;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;
import org.mesohub.observation.ObservationBatch;

/** What clusters of other make may send in place of rows. */
class ForeignTextFuzz {
  static Stream<byte[]> seeds() {
    return Stream.of(
            "HCOT1,2012-02-01 19:00:00,8,38.30,-111.55,1705.0,-9999.0,35.6,,,,,,,,",
            "HCOT1, 2012-02-01 19:00:00.0, 8, 38.30, None, ,\n",
            "{\"STN\":\"A, B\",\"TIMESTAMP\":\"2012-02-01 19:00:00\",'TMPF':'-1'},{",
            "No Result",
            " KSLC  20180316/2200      1   40.77  -111.95   1288.00     50.00\n")
        .map(text -> text.getBytes(StandardCharsets.UTF_8));
  }

  @MethodSource("seeds")
  @FuzzTest
  void any_text_becomes_rows_or_none(byte[] input) {
    byte[] rows = ForeignText.rows(input);
    if (rows.length > 0 && rows[rows.length - 1] != '\n') {
      throw new AssertionError("a row without its line end");
    }
    var sink =
        new RowSink() {
          @Override
          public void batch(ObservationBatch batch) {
            if (batch.rows() == 0) {
              throw new AssertionError("an empty batch");
            }
          }

          @Override
          public void reject(Reject reject) {
            // What is no row.
          }
        };
    var reader = new ContractText(ReaderOptions.DEFAULTS, sink);
    reader.message(rows, 0, rows.length);
    reader.finish();
  }
}
