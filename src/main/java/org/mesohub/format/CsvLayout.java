package org.mesohub.format;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.mesohub.observation.Column;
import org.mesohub.observation.VariableDictionary;

/**
 * What the fields of a CSV row mean.
 *
 * @param names per field, its name in messages
 * @param columns per field, the column of its values; null for station, network and time
 * @param station field of the station id
 * @param network field of the network id
 * @param time field of the instant
 * @param contract whether rows are those of the 2018 contract, which may also be bare station rows
 *     of 11 fields
 */
record CsvLayout(
    List<String> names,
    List<@Nullable Column> columns,
    int station,
    int network,
    int time,
    boolean contract) {

  /** Fields of a contract row that only places a station. */
  static final int STATION_ROW_FIELDS = 11;

  /** {@code STN,time,MNET} and the 13 MesoWest columns. */
  static final CsvLayout CONTRACT = contractLayout();

  int size() {
    return names.size();
  }

  private static CsvLayout contractLayout() {
    List<String> names = new ArrayList<>(List.of("STN", "TIMESTAMP", "MNET"));
    List<@Nullable Column> columns = new ArrayList<>(Arrays.asList(null, null, null));
    for (Column column : VariableDictionary.mesowest()) {
      names.add(VariableDictionary.label(column));
      columns.add(column);
    }
    return new CsvLayout(names, columns, 0, 2, 1, true);
  }

  /** Whether a line's fields look like a heading of one of the layouts. */
  static boolean isHeading(List<String> fields) {
    String first = fields.get(0).toLowerCase(Locale.ROOT);
    return fields.size() > 2
        && (first.equals("stn")
            || (first.equals("network")
                && fields.get(1).equals("station")
                && fields.get(2).equals("time")));
  }

  /**
   * The layout that a heading names: the contract's, or {@code network,station,time} and column
   * labels as this product writes them.
   *
   * @throws FormatException when a name is not known
   */
  static CsvLayout ofHeading(List<String> fields) {
    if (fields.get(0).equalsIgnoreCase("stn")) {
      if (fields.size() == CONTRACT.size()
          && fields.subList(2, fields.size()).equals(CONTRACT.names.subList(2, CONTRACT.size()))) {
        return CONTRACT;
      }
      throw new FormatException(
          "CSV heading %s is not the contract's: STN,TIMESTAMP,MNET,SLAT,SLON,SELV,TMPF,SKNT,DRCT,GUST,PMSL,ALTI,DWPF,RELH,WTHR,P24I"
              .formatted(String.join(",", fields)),
          0);
    }
    List<@Nullable Column> columns = new ArrayList<>(Arrays.asList(null, null, null));
    for (String label : fields.subList(3, fields.size())) {
      Optional<Column> column = VariableDictionary.byLabel(label);
      if (column.isEmpty()) {
        throw new FormatException(
            "CSV heading has '%s', which is neither a MesoWest name nor a label such as air_temperature[K]"
                .formatted(label),
            0);
      }
      columns.add(column.get());
    }
    if (new HashSet<>(fields).size() != fields.size()) {
      throw new FormatException("CSV heading names a column twice; name each once", 0);
    }
    return new CsvLayout(List.copyOf(fields), columns, 1, 0, 2, false);
  }
}
