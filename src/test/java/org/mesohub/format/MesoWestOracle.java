package org.mesohub.format;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;

/**
 * A dumb reader of good MesoWest files: cuts strings at columns and lets BigDecimal do the numbers.
 */
final class MesoWestOracle {
  private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("uuuuMMdd/HHmm");

  private MesoWestOracle() {}

  /** The rows in the form of {@link Collected#rows()}. */
  static List<String> rows(byte[] file) {
    List<String> rows = new ArrayList<>();
    String[] names = {};
    for (String line : new String(file, StandardCharsets.UTF_8).split("\n")) {
      if (line.startsWith(" PARM =")) {
        names = line.substring(8).split(";");
      } else if (line.length() > 22 && !line.contains("YYMMDD")) {
        rows.add(row(line, names));
      }
    }
    return rows;
  }

  private static String row(String line, String[] names) {
    String network = "default";
    var cells = new StringBuilder();
    for (int i = 0; i < names.length; i++) {
      String field = line.substring(23 + 9 * i, 32 + 9 * i).trim();
      BigDecimal value = new BigDecimal(field);
      String zero = field.startsWith("-") && value.signum() == 0 ? "-" : "";
      boolean missing = value.compareTo(BigDecimal.valueOf(-9999)) == 0;
      String name = names[i].trim();
      if (name.equals("MNET")) {
        network = missing ? network : value.stripTrailingZeros().toPlainString();
      } else {
        cells.append(' ').append(name).append('=');
        cells.append(missing ? "missing" : zero + value.toPlainString());
      }
    }
    LocalDateTime time = LocalDateTime.parse(line.substring(9, 22), TIME);
    String iso = time.format(DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss'Z'"));
    return network + "/" + line.substring(0, 9).trim() + " " + iso + cells;
  }
}
