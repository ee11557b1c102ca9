package org.mesohub.node;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A MesoWest file taken as text: fields by heading, times compared as the letters they are. The
 * dumb half of a comparison.
 */
final class TextRows {
  private static final int STATION_END = 8;
  private static final int TIME_AT = 9;
  private static final int TIME_END = 22;
  private static final int FIELDS_AT = 23;
  private static final int FIELD = 9;

  /** A line of the file; {@code time} is uuuuMMdd/HHmm. */
  record Line(String network, String station, String time, Map<String, String> fields) {
    @Nullable Double number(String label) {
      String text = fields.getOrDefault(label, "-9999.00");
      return text.startsWith("-9999") ? null : Double.valueOf(text);
    }
  }

  private TextRows() {}

  static List<Line> of(String file) {
    List<String> lines = file.lines().toList();
    String[] names = lines.get(0).substring(lines.get(0).indexOf('=') + 1).trim().split(";");
    List<Line> rows = new ArrayList<>();
    for (String line : lines.subList(4, lines.size())) {
      Map<String, String> fields = new HashMap<>();
      for (int i = 0; i < names.length; i++) {
        int at = FIELDS_AT + i * FIELD;
        fields.put(names[i], line.substring(at, Math.min(at + FIELD, line.length())).trim());
      }
      rows.add(
          new Line(
              fields.getOrDefault("MNET", "").replace(".00", ""),
              line.substring(0, STATION_END).trim(),
              line.substring(TIME_AT, TIME_END),
              fields));
    }
    return rows;
  }
}
