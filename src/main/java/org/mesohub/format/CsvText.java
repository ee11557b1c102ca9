package org.mesohub.format;

import java.nio.charset.StandardCharsets;

/** Quotes CSV fields (RFC 4180). */
final class CsvText {
  private CsvText() {}

  /**
   * A field as bytes, in quotes where it holds a comma, a quote, a line end, or a space at its
   * edge.
   */
  static byte[] field(String text) {
    boolean plain = text.equals(text.strip());
    for (int i = 0; plain && i < text.length(); i++) {
      char c = text.charAt(i);
      plain = c != ',' && c != '"' && c != '\n' && c != '\r';
    }
    String field = plain ? text : '"' + text.replace("\"", "\"\"") + '"';
    return field.getBytes(StandardCharsets.UTF_8);
  }
}
