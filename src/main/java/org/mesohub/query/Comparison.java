package org.mesohub.query;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.mesohub.observation.CellState;

/**
 * An operator with its constants, ready for decimals of every scale: {@code unscaled * 10^-scale >
 * c} is asked as {@code unscaled >= from[state]}, so that a row costs two comparisons of integers.
 */
final class Comparison {
  /** No decimal has digits beyond this, so bounds may stop here. */
  private static final BigInteger UNSCALED_END = BigInteger.TEN.pow(18);

  /** Longest number accepted; real ones have at most 20 characters. */
  private static final int NUMBER_CHARS_MAX = 64;

  private static final Pattern NUMBER =
      Pattern.compile("[+-]?([0-9]+\\.?[0-9]*|\\.[0-9]+)([eE][+-]?[0-9]{1,2})?");

  private final Condition.Op op;
  private final List<BigDecimal> constants;
  private final double[] doubles;
  private final long[] from = new long[CellState.END];
  private final long[] to = new long[CellState.END];

  Comparison(Condition.Op op, List<BigDecimal> constants) {
    this.op = op;
    this.constants = List.copyOf(constants);
    this.doubles = constants.stream().mapToDouble(BigDecimal::doubleValue).toArray();
    for (int scale = 0; scale <= CellState.SCALE_MAX; scale++) {
      BigDecimal c = constants.get(0).movePointRight(scale);
      BigInteger floor = c.setScale(0, RoundingMode.FLOOR).toBigIntegerExact();
      BigInteger ceiling = c.setScale(0, RoundingMode.CEILING).toBigIntegerExact();
      from[scale] =
          switch (op) {
            case GT -> bounded(floor.add(BigInteger.ONE));
            case GE, EQ -> bounded(ceiling);
            default -> -UNSCALED_END.longValueExact();
          };
      to[scale] =
          switch (op) {
            case LT -> bounded(ceiling.subtract(BigInteger.ONE));
            case LE, EQ -> bounded(floor);
            default -> UNSCALED_END.longValueExact();
          };
      from[scale + CellState.NEGATIVE_ZERO] = from[scale];
      to[scale + CellState.NEGATIVE_ZERO] = to[scale];
    }
  }

  private static long bounded(BigInteger value) {
    return value.min(UNSCALED_END).max(UNSCALED_END.negate()).longValueExact();
  }

  /** Whether {@link #from} and {@link #to} say all. */
  boolean isInterval() {
    return op != Condition.Op.NE && op != Condition.Op.IN;
  }

  /** Per state of a present decimal the smallest unscaled value that satisfies. */
  long[] from() {
    return from;
  }

  /** Per state of a present decimal the largest unscaled value that satisfies. */
  long[] to() {
    return to;
  }

  boolean test(long unscaled, int state) {
    if (isInterval()) {
      return unscaled >= from[state] && unscaled <= to[state];
    }
    boolean equal = false;
    BigDecimal value = BigDecimal.valueOf(unscaled, CellState.scale(state));
    for (BigDecimal constant : constants) {
      equal |= value.compareTo(constant) == 0;
    }
    return equal == (op == Condition.Op.IN);
  }

  boolean test(double value) {
    double c = doubles[0];
    return switch (op) {
      case EQ -> value == c;
      case NE -> value != c;
      case LT -> value < c;
      case LE -> value <= c;
      case GT -> value > c;
      case GE -> value >= c;
      case IN -> {
        boolean equal = false;
        for (double constant : doubles) {
          equal |= value == constant;
        }
        yield equal;
      }
    };
  }

  /** Whether a value between two bounds may satisfy; NaN bounds mean that there is no value. */
  boolean mayMatch(double min, double max) {
    if (Double.isNaN(min) || Double.isNaN(max)) {
      return false;
    }
    for (double constant : doubles) {
      double below = Math.nextDown(Math.nextDown(constant));
      double above = Math.nextUp(Math.nextUp(constant));
      boolean may =
          switch (op) {
            case EQ, IN -> min <= above && max >= below;
            case NE -> true;
            case LT, LE -> min <= above;
            case GT, GE -> max >= below;
          };
      if (may) {
        return true;
      }
    }
    return false;
  }

  /**
   * This comparison for binary32 values of the same unit: a constant stands for the float nearest
   * to it.
   */
  Comparison asFloat32() {
    var narrowed = new ArrayList<BigDecimal>();
    for (BigDecimal constant : constants) {
      float value = constant.floatValue();
      narrowed.add(Float.isFinite(value) ? new BigDecimal((double) value) : constant);
    }
    return new Comparison(op, narrowed);
  }

  /** Parses a number as a condition may write it, null when it is none. */
  static @Nullable BigDecimal parse(String text) {
    return text.length() <= NUMBER_CHARS_MAX && NUMBER.matcher(text).matches()
        ? new BigDecimal(text)
        : null;
  }
}
