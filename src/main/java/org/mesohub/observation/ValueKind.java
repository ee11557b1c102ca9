package org.mesohub.observation;

/** How the values of a column are held. */
public enum ValueKind {
  /** Decimal text of the source: a scaled integer with its scale, digit for digit. */
  DECIMAL,
  /** IEEE 754 binary32 of a binary source, bit for bit. */
  FLOAT32,
  /** Text such as present-weather groups. */
  TEXT
}
