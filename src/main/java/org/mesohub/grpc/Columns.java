package org.mesohub.grpc;

import static org.mesohub.grpc.Invalid.invalid;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.regex.Pattern;
import org.mesohub.observation.Column;
import org.mesohub.observation.ValueKind;
import org.mesohub.observation.Variable;
import org.mesohub.observation.VariableDictionary;

/** Column identities between the wire and the domain. */
final class Columns {
  /** Most columns of one put; more would be a mistake of the sender. */
  static final int COLUMNS_MAX = 512;

  /** Longest variable id or unit, in characters. */
  private static final int NAME_LENGTH_MAX = 128;

  private static final Pattern LEVEL = Pattern.compile("(-?[0-9]{1,9}(\\.[0-9]{1,9})?)?");

  private Columns() {}

  /** Identity with the names for display. */
  static org.mesohub.proto.v1.Column named(Column column) {
    String cfName = VariableDictionary.variable(column.variable()).map(Variable::cfName).orElse("");
    return identity(column).toBuilder()
        .setLabel(VariableDictionary.label(column))
        .setCfName(cfName)
        .build();
  }

  /** Identity alone. */
  static org.mesohub.proto.v1.Column identity(Column column) {
    return org.mesohub.proto.v1.Column.newBuilder()
        .setVariable(column.variable())
        .setLevel(column.level())
        .setSensor(column.sensor())
        .setIntervalS(column.intervalSeconds())
        .setUnit(column.unit())
        .setKindValue(column.kind().ordinal())
        .build();
  }

  /** The columns of a header, checked. */
  static List<Column> read(List<org.mesohub.proto.v1.Column> columns) {
    if (columns.size() > COLUMNS_MAX) {
      throw invalid("columns: " + columns.size() + " are too many, at most " + COLUMNS_MAX);
    }
    var seen = new HashSet<Column>();
    var read = new ArrayList<Column>(columns.size());
    for (int i = 0; i < columns.size(); i++) {
      Column column = read(columns.get(i), "columns[" + i + "]");
      if (!seen.add(column)) {
        throw invalid("columns[" + i + "]: the same column as one before; name each once");
      }
      read.add(column);
    }
    return read;
  }

  private static Column read(org.mesohub.proto.v1.Column column, String field) {
    if (column.getVariable().isEmpty() || column.getVariable().length() > NAME_LENGTH_MAX) {
      throw invalid(field + ".variable: 1 to " + NAME_LENGTH_MAX + " characters are needed");
    }
    if (column.getUnit().length() > NAME_LENGTH_MAX) {
      throw invalid(field + ".unit: at most " + NAME_LENGTH_MAX + " characters");
    }
    if (!LEVEL.matcher(column.getLevel()).matches()) {
      throw invalid(field + ".level: a plain decimal number of metres or nothing is needed");
    }
    if (column.getSensor() < 0) {
      throw invalid(field + ".sensor: must not be negative");
    }
    if (column.getIntervalS() < 0) {
      throw invalid(field + ".interval_s: must not be negative");
    }
    return new Column(
        column.getVariable(),
        column.getLevel(),
        column.getSensor(),
        column.getIntervalS(),
        column.getUnit(),
        kind(column.getKind(), field));
  }

  private static ValueKind kind(org.mesohub.proto.v1.Column.Kind kind, String field) {
    return switch (kind) {
      case DECIMAL -> ValueKind.DECIMAL;
      case FLOAT32 -> ValueKind.FLOAT32;
      case TEXT -> ValueKind.TEXT;
      case UNRECOGNIZED -> throw invalid(field + ".kind: DECIMAL, FLOAT32 or TEXT is needed");
    };
  }
}
