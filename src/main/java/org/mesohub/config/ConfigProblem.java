package org.mesohub.config;

/**
 * One thing wrong in a configuration file.
 *
 * @param line 1-based line, 0 when it concerns no line
 * @param key dotted path such as {@code security.tokens[0].rights}, empty for the file as a whole
 * @param message the value found and what was expected
 */
public record ConfigProblem(int line, String key, String message) {
  @Override
  public String toString() {
    return (line > 0 ? "line " + line + ": " : "") + (key.isEmpty() ? "" : key + ": ") + message;
  }
}
