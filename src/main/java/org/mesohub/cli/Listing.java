package org.mesohub.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** A list of things: a table for a person, CSV for a program, unless asked otherwise. */
final class Listing {
  private final boolean table;
  private final List<String[]> rows = new ArrayList<>();

  /**
   * @param format "table", "csv", or null to choose by who reads
   */
  Listing(Console console, @Nullable String format, String... heading) {
    if (format != null && !format.equals("table") && !format.equals("csv")) {
      throw CliException.usage("--format " + format + ": expected table or csv");
    }
    this.table = format == null ? console.outTerminal() : format.equals("table");
    rows.add(heading);
  }

  boolean isTable() {
    return table;
  }

  void row(String... cells) {
    rows.add(cells);
  }

  String render() {
    if (table) {
      var text = new TextTable(true);
      String[] heading = rows.get(0).clone();
      for (int i = 0; i < heading.length; i++) {
        heading[i] = heading[i].toUpperCase(Locale.ROOT);
      }
      text.row(heading);
      rows.stream().skip(1).forEach(text::row);
      return text.render();
    }
    var csv = new Csv(rows.get(0));
    rows.stream().skip(1).forEach(csv::row);
    return csv.toString();
  }
}
