package org.mesohub.node;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;

/** What a node should hold, kept in the dumbest way: maps of strings, copied at every commit. */
final class OracleWorld {
  static final long DAY = 86_400_000_000L;
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuuMMdd/HHmm").withZone(ZoneOffset.UTC);

  record Key(String network, String station, long time) {}

  /** A row of a file: label → text as in the file. */
  record Row(Key key, Map<String, String> cells) {}

  /** What a put should answer. */
  record Counts(long stored, long unchanged, long corrected) {}

  /** Key order of answers. */
  static final Comparator<Key> ORDER =
      Comparator.<Key>comparingLong(k -> Math.floorDiv(k.time, DAY))
          .thenComparing(Key::network)
          .thenComparing(Key::station)
          .thenComparingLong(Key::time);

  private TreeMap<Key, Map<String, String>> now = new TreeMap<>(ORDER);
  private final TreeMap<Long, TreeMap<Key, Map<String, String>>> commits = new TreeMap<>();

  Counts put(Collection<Row> rows) {
    long stored = 0;
    long unchanged = 0;
    long corrected = 0;
    var next = new TreeMap<>(now);
    for (Row row : rows) {
      Map<String, String> old = next.get(row.key);
      Map<String, String> merged = old == null ? new TreeMap<>() : new TreeMap<>(old);
      row.cells.forEach((label, text) -> merged.merge(label, cell(text), OracleWorld::later));
      if (old == null) {
        stored++;
      } else if (old.equals(merged)) {
        unchanged++;
      } else {
        corrected++;
      }
      next.put(row.key, merged);
    }
    now = next;
    return new Counts(stored, unchanged, corrected);
  }

  /** An equal number keeps the digits it came with first. */
  private static String later(String old, String text) {
    boolean equal =
        !old.equals("M")
            && !text.equals("M")
            && new BigDecimal(old).compareTo(new BigDecimal(text)) == 0;
    return equal ? old : text;
  }

  private static String cell(String text) {
    return text.startsWith("-9999") ? "M" : text;
  }

  long delete(Predicate<Key> which) {
    var next = new TreeMap<>(now);
    next.keySet().removeIf(which);
    long gone = now.size() - next.size();
    now = next;
    return gone;
  }

  /** Notes the state under a commit's number; 0 when nothing changed. */
  void committed(long commit) {
    if (commit != 0) {
      commits.put(commit, now);
    }
  }

  Collection<Long> commits() {
    return commits.keySet();
  }

  /** Rows in the form of {@link NodeFixture#rows}. */
  List<String> rows(long asOf, Predicate<Row> which) {
    List<String> rows = new ArrayList<>();
    (asOf == 0 ? now : commits.get(asOf))
        .forEach(
            (key, cells) -> {
              if (which.test(new Row(key, cells))) {
                rows.add(key.network + "/" + key.station + "@" + key.time + cells);
              }
            });
    return rows;
  }

  /** A file of rows that all have the same labels; MNET is added. */
  static byte[] file(List<String> labels, Collection<Row> rows) {
    var text = new StringBuilder(" PARM = MNET;" + String.join(";", labels) + "\n\n\n");
    text.append("    STN    YYMMDD/HHMM     MNET");
    labels.forEach(label -> text.append(String.format("%9s", label)));
    text.append("     \n");
    for (Row row : rows) {
      Instant time = Instant.ofEpochSecond(row.key.time / 1_000_000);
      text.append(String.format("%8s %s", row.key.station, TIME.format(time)));
      text.append(String.format("%10s", row.key.network + ".00"));
      labels.forEach(label -> text.append(String.format("%9s", row.cells.get(label))));
      text.append('\n');
    }
    return text.toString().getBytes(StandardCharsets.US_ASCII);
  }
}
