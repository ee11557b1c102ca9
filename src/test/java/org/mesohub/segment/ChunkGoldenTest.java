package org.mesohub.segment;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.mesohub.observation.Column;
import org.mesohub.observation.StationKey;

/** The bytes of one tiny chunk: whoever changes the format must notice and raise its version. */
class ChunkGoldenTest {
  private static final String GOLDEN =
      "4d48434b03040c010f03000131010200000404004b534c435e5d0000c50200124513209037e90fef"
          + "0ecafad5a6b1eacfb64e486166bd41ad652466663e1c92c6c99629eabefb4be260a31c3f32405b0c"
          + "23081bc39e8534ddafdf571808b2adeab527044191466211301c32ffd5ff0602003dc990ab8c0100"
          + "0000000300000103000009000201000080cdcc0c420500010002000501008400afafb00000000000"
          + "9ccb7f36";

  private static List<VersionRows.Row> rows() {
    var rows = new ArrayList<VersionRows.Row>();
    var column = Column.decimal("air_temperature", 0, "[degF]");
    for (int i = 0; i < 4; i++) {
      var cells = new TreeMap<Column, String>();
      cells.put(column, i == 1 ? "m" : i == 3 ? "33:0" : "1:" + (350 + i));
      var key = new RowKey(new StationKey("1", "KSLC"), 1_521_158_400_000_000L + i * 300_000_000L);
      rows.add(new VersionRows.Row(key, Origin.local("a", ""), cells));
    }
    return rows;
  }

  @Test
  void theBytesOfThisVersionStay() {
    byte[] bytes = VersionRows.encode(rows(), new Random(1)).get(0).bytes();
    assertThat(HexFormat.of().formatHex(bytes)).isEqualTo(GOLDEN);
    assertThat(VersionRows.of(Chunk.open(HexFormat.of().parseHex(GOLDEN)))).isEqualTo(rows());
  }
}
