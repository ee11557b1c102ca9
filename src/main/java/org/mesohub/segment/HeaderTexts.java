package org.mesohub.segment;

import org.mesohub.observation.Column;
import org.mesohub.observation.ValueKind;

/** Columns and origins as the header writes them. */
final class HeaderTexts {
  /** Longest text of a column's identity, UTF-8 bytes. */
  static final int COLUMN_TEXT_MAX = 1024;

  /** Longest text of a cell, UTF-8 bytes. */
  static final int CELL_TEXT_MAX = 1024;

  /** Longest text of an origin, UTF-8 bytes. */
  static final int ORIGIN_TEXT_MAX = 64 * 1024;

  private HeaderTexts() {}

  static void write(ByteWriter to, Column column) {
    to.text(column.variable(), COLUMN_TEXT_MAX);
    to.text(column.level(), COLUMN_TEXT_MAX);
    to.signed(column.sensor());
    to.signed(column.intervalSeconds());
    to.text(column.unit(), COLUMN_TEXT_MAX);
    to.u8(kindCode(column.kind()));
  }

  static Column readColumn(ByteReader from) {
    String variable = from.text(COLUMN_TEXT_MAX);
    String level = from.text(COLUMN_TEXT_MAX);
    int sensor = int32(from.signed());
    int interval = int32(from.signed());
    String unit = from.text(COLUMN_TEXT_MAX);
    return new Column(variable, level, sensor, interval, unit, kind(from.u8()));
  }

  private static int int32(long value) {
    if (value != (int) value) {
      throw ByteReader.corrupt("a number of a column is out of range");
    }
    return (int) value;
  }

  private static int kindCode(ValueKind kind) {
    return switch (kind) {
      case DECIMAL -> 0;
      case FLOAT32 -> 1;
      case TEXT -> 2;
    };
  }

  private static ValueKind kind(int code) {
    return switch (code) {
      case 0 -> ValueKind.DECIMAL;
      case 1 -> ValueKind.FLOAT32;
      case 2 -> ValueKind.TEXT;
      default -> throw ByteReader.corrupt("a column's kind is unknown");
    };
  }

  static void write(ByteWriter to, Origin origin) {
    to.signed(origin.commit());
    to.text(origin.cluster(), ORIGIN_TEXT_MAX);
    to.signed(origin.originCommit());
    to.signed(origin.originTimeMicros());
    to.text(origin.source(), ORIGIN_TEXT_MAX);
    to.text(origin.licence(), ORIGIN_TEXT_MAX);
  }

  static Origin readOrigin(ByteReader from) {
    long commit = from.signed();
    String cluster = from.text(ORIGIN_TEXT_MAX);
    long originCommit = from.signed();
    long time = from.signed();
    String source = from.text(ORIGIN_TEXT_MAX);
    return new Origin(commit, cluster, originCommit, time, source, from.text(ORIGIN_TEXT_MAX));
  }
}
