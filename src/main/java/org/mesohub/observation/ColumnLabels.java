package org.mesohub.observation;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Labels made of a column's identity, and back. */
final class ColumnLabels {
  /** variable[unit]@level#sensor/intervals!kind; the unit may itself hold brackets. */
  private static final Pattern LABEL =
      Pattern.compile(
          "([^\\[\\s]+)\\[(.*)\\](?:@(-?[0-9.]+))?(?:#([0-9]{1,9}))?(?:/([0-9]{1,9})s)?(?:!(float32|text))?");

  private ColumnLabels() {}

  static String write(Column column) {
    var label = new StringBuilder();
    label.append(column.variable()).append('[').append(column.unit()).append(']');
    if (!column.level().isEmpty()) {
      label.append('@').append(column.level());
    }
    if (column.sensor() != 0) {
      label.append('#').append(column.sensor());
    }
    if (column.intervalSeconds() != 0) {
      label.append('/').append(column.intervalSeconds()).append('s');
    }
    if (column.kind() != ValueKind.DECIMAL) {
      label.append('!').append(column.kind().name().toLowerCase(Locale.ROOT));
    }
    return label.toString();
  }

  static Optional<Column> read(String label) {
    Matcher m = LABEL.matcher(label);
    if (!m.matches()) {
      return Optional.empty();
    }
    return Optional.of(
        new Column(
            m.group(1),
            m.group(3) == null ? "" : m.group(3),
            m.group(4) == null ? 0 : Integer.parseInt(m.group(4)),
            m.group(5) == null ? 0 : Integer.parseInt(m.group(5)),
            m.group(2),
            m.group(6) == null
                ? ValueKind.DECIMAL
                : ValueKind.valueOf(m.group(6).toUpperCase(Locale.ROOT))));
  }
}
