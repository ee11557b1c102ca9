package org.mesohub.cli;

import java.util.ArrayList;
import java.util.List;

/** Rows of texts in columns that line up, for terminals. */
final class TextTable {
  private final boolean numbersRight;
  private final List<String[]> rows = new ArrayList<>();

  /**
   * @param numbersRight whether a cell that looks like a number goes to the right of its column
   */
  TextTable(boolean numbersRight) {
    this.numbersRight = numbersRight;
  }

  void row(String... cells) {
    rows.add(cells);
  }

  String render() {
    int[] widths = new int[rows.stream().mapToInt(row -> row.length).max().orElse(0)];
    for (String[] row : rows) {
      for (int i = 0; i < row.length; i++) {
        widths[i] = Math.max(widths[i], row[i].length());
      }
    }
    var out = new StringBuilder();
    for (String[] row : rows) {
      var line = new StringBuilder();
      for (int i = 0; i < row.length; i++) {
        String padding = " ".repeat(widths[i] - row[i].length());
        boolean right = numbersRight && row[i].matches("-?[0-9][0-9,.]*");
        line.append(i == 0 ? "" : "  ").append(right ? padding + row[i] : row[i] + padding);
      }
      out.append(line.toString().stripTrailing()).append('\n');
    }
    return out.toString();
  }
}
