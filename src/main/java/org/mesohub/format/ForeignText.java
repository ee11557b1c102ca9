package org.mesohub.format;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What clusters of other make answer by the contract of 2018, as the rows that the contract means:
 * 16 columns, separated by commas, a row a line. They write blanks after commas and one comma too
 * many, fractions of seconds, objects of JSON where rows were asked for, and words of their own
 * where there is nothing.
 */
public final class ForeignText {
  /** What stands for "no rows", as these programs write it. */
  private static final List<String> NOTHING =
      List.of("no result", "no data in any cluster", "serverresponse");

  private static final List<String> COLUMNS =
      List.of(
          "STN TIMESTAMP MNET SLAT SLON SELV TMPF SKNT DRCT GUST PMSL ALTI DWPF RELH WTHR P24I"
              .split(" "));

  private static final Pattern OBJECT = Pattern.compile("\\{([^{}]*)\\}");

  /** A name and a value, in quotes or not. */
  private static final Pattern MEMBER =
      Pattern.compile("[\"']?([A-Za-z0-9_]+)[\"']?\\s*:\\s*(?:\"([^\"]*)\"|'([^']*)'|([^,\\s]+))");

  private static final Pattern FRACTION = Pattern.compile("(\\d\\d:\\d\\d:\\d\\d)\\.\\d+$");

  private ForeignText() {}

  /** The rows of one message in the contract's form, each with a line end; none: empty. */
  public static String rows(String message) {
    String text = message.strip();
    String lower = text.toLowerCase(Locale.ROOT);
    if (text.isEmpty() || NOTHING.stream().anyMatch(lower::startsWith)) {
      return "";
    }
    return (text.indexOf('{') >= 0 ? objects(text) : lines(message))
        .stream().map(row -> row + "\n").collect(Collectors.joining());
  }

  /** The same of bytes. */
  public static byte[] rows(byte[] message) {
    return rows(new String(message, StandardCharsets.UTF_8)).getBytes(StandardCharsets.UTF_8);
  }

  private static List<String> lines(String text) {
    var rows = new ArrayList<String>();
    for (String line : text.split("\\R")) {
      String row = line.strip();
      if (row.indexOf(',') < 0) { // a record of a raw file: its columns are fixed
        if (!row.isEmpty()) {
          rows.add(line);
        }
        continue;
      }
      while (row.endsWith(",")) {
        row = row.substring(0, row.length() - 1).strip();
      }
      var fields = new ArrayList<String>();
      for (String field : row.split(",", -1)) {
        fields.add(FRACTION.matcher(field.strip()).replaceFirst("$1"));
      }
      rows.add(String.join(",", fields));
    }
    return rows;
  }

  private static List<String> objects(String text) {
    var rows = new ArrayList<String>();
    Matcher object = OBJECT.matcher(text);
    while (object.find()) {
      Map<String, String> values = new HashMap<>();
      Matcher member = MEMBER.matcher(object.group(1));
      while (member.find()) {
        String value =
            member.group(2) != null
                ? member.group(2)
                : member.group(3) != null ? member.group(3) : member.group(4);
        values.put(member.group(1).toUpperCase(Locale.ROOT), value.strip());
      }
      rows.add(
          COLUMNS.stream()
              .map(column -> values.getOrDefault(column, "None"))
              .map(value -> FRACTION.matcher(value).replaceFirst("$1"))
              .collect(Collectors.joining(",")));
    }
    return rows;
  }
}
