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
 * many, and objects of JSON where rows were asked for. Words of their own among the rows stay:
 * {@link ContractText} takes them for no rows.
 */
public final class ForeignText {
  /** What some write where there are no rows. */
  private static final List<String> NOTHING =
      List.of("no result", "no data in any cluster", "serverresponse");

  private static final List<String> COLUMNS =
      List.of(
          "STN TIMESTAMP MNET SLAT SLON SELV TMPF SKNT DRCT GUST PMSL ALTI DWPF RELH WTHR P24I"
              .split(" "));

  /** An object is a row; a longer one is none. */
  private static final int OBJECT_CHARS_MAX = 4_096;

  /** A name and a value, in quotes or not. */
  private static final Pattern MEMBER =
      Pattern.compile(
          "(?<![A-Za-z0-9_])([A-Za-z0-9_]{1,32}+)[\"']?\\s{0,8}+:\\s{0,8}+"
              + "(?:\"([^\"]*+)\"|'([^']*+)'|([^,\"'\\s]++))");

  private ForeignText() {}

  /** Whether a text says that there are no rows. */
  public static boolean isNothing(String text) {
    String lower = text.strip().toLowerCase(Locale.ROOT);
    return lower.isEmpty() || NOTHING.stream().anyMatch(lower::startsWith);
  }

  /** The rows of one message in the contract's form, each with a line end; none: empty. */
  public static String rows(String message) {
    String text = message.strip();
    boolean json = text.startsWith("{") || text.startsWith("[");
    return (json ? objects(text) : lines(message))
        .stream().map(row -> row + "\n").collect(Collectors.joining());
  }

  /** The same of bytes. */
  public static byte[] rows(byte[] message) {
    return rows(new String(message, StandardCharsets.UTF_8)).getBytes(StandardCharsets.UTF_8);
  }

  private static List<String> lines(String text) {
    var rows = new ArrayList<String>();
    for (String line : text.split("\\R")) {
      if (line.isBlank()) {
        continue;
      }
      // Columns of a raw file's record are fixed, and quotes may hold commas and blanks.
      rows.add(line.indexOf(',') < 0 || line.indexOf('"') >= 0 ? line : row(line));
    }
    return rows;
  }

  private static String row(String line) {
    List<String> fields = new ArrayList<>();
    for (String field : line.strip().split(",", -1)) {
      fields.add(field.strip());
    }
    boolean oneMore =
        fields.size() == COLUMNS.size() + 1 || fields.size() == CsvLayout.STATION_ROW_FIELDS + 1;
    if (oneMore && fields.get(fields.size() - 1).isEmpty()) {
      fields.remove(fields.size() - 1);
    }
    return String.join(",", fields);
  }

  private static List<String> objects(String text) {
    var rows = new ArrayList<String>();
    int from = text.indexOf('{');
    while (from >= 0) {
      int to = text.indexOf('}', from);
      if (to < 0) {
        break;
      }
      if (to - from <= OBJECT_CHARS_MAX) {
        rows.add(row(MEMBER.matcher(text.substring(from + 1, to))));
      }
      from = text.indexOf('{', to);
    }
    return rows;
  }

  private static String row(Matcher member) {
    Map<String, String> values = new HashMap<>();
    while (member.find()) {
      String value =
          member.group(2) != null
              ? member.group(2)
              : member.group(3) != null ? member.group(3) : member.group(4);
      values.put(member.group(1).toUpperCase(Locale.ROOT), quoted(value.strip()));
    }
    return COLUMNS.stream()
        .map(column -> values.getOrDefault(column, "None"))
        .collect(Collectors.joining(","));
  }

  private static String quoted(String value) {
    return value.indexOf(',') < 0 && value.indexOf('"') < 0
        ? value
        : "\"" + value.replace("\"", "\"\"") + "\"";
  }
}
