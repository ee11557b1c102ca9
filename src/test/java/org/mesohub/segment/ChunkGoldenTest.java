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
      "4d48434b01030c010f03000131010200000404004b534c4363590000a5020012c5111d9029e9ffbf"
          + "4535a1b27925e8282db93cc2260db3fbdddde5b47328530acf19c9af8380a10a02452da4580eaa04"
          + "a216023a1cc0737ff3fdca7be7683092894c160f484aea59f503003885e849865c650c0000000002"
          + "0000010000090002ffff0b42cdcc0c4205000100020002010001000200000000a1eec543";

  private static List<VersionRows.Row> rows() {
    var rows = new ArrayList<VersionRows.Row>();
    var column = Column.decimal("air_temperature", 0, "[degF]");
    for (int i = 0; i < 3; i++) {
      var cells = new TreeMap<Column, String>();
      cells.put(column, i == 1 ? "m" : "1:" + (350 + i));
      var key = new RowKey(new StationKey("1", "KSLC"), 1_521_158_400_000_000L + i * 300_000_000L);
      rows.add(new VersionRows.Row(key, Origin.local("a", ""), cells));
    }
    return rows;
  }

  @Test
  void theBytesOfTheFirstVersionStay() {
    byte[] bytes = VersionRows.encode(rows(), new Random(1)).get(0).bytes();
    assertThat(HexFormat.of().formatHex(bytes)).isEqualTo(GOLDEN);
    assertThat(VersionRows.of(Chunk.open(HexFormat.of().parseHex(GOLDEN)))).isEqualTo(rows());
  }
}
