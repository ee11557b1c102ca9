package org.mesohub.query;

import java.util.List;

/**
 * A comparison of a variable with constants. Rows where the variable has no value do not match,
 * whatever the operator.
 *
 * @param variable a source's name ({@code TMPF}, number in that source's unit) or dictionary id
 *     (number in the dictionary's unit)
 * @param values decimal numbers as text, or texts for text variables; exactly one unless {@code op}
 *     is IN
 * @param unit unit of the values, empty for the one the name implies
 */
public record Condition(String variable, Op op, List<String> values, String unit) {
  /** Operators; numbers compare by value. */
  public enum Op {
    EQ,
    NE,
    LT,
    LE,
    GT,
    GE,
    /** Equal to one of the values. */
    IN
  }
}
