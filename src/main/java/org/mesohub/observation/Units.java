package org.mesohub.observation;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Units by UCUM code, and conversion between those of one quantity. Definitions are exact fractions
 * (UCUM, Unified Code for Units of Measure, 2.1); the inch of mercury is the conventional one of
 * the standard atmosphere (13,595.1 kg/m3 at 9.80665 m/s2: 3386.388640341 Pa), which differs from
 * UCUM's rounded figure by 3 parts in a million but makes 29.92 inHg mean 1013.2 hPa. Thread-safe.
 */
public final class Units {
  /** Digits that a converted {@link Decimal} has beyond those of its source. */
  public static final int EXTRA_DIGITS = 2;

  private static final BigInteger DECIMAL_END = BigInteger.TEN.pow(18);
  private static final Map<String, Unit> UNITS = new HashMap<>();
  private static final Map<String, String> NAMES = new HashMap<>();
  private static final Map<String, Conversion> CONVERSIONS = new ConcurrentHashMap<>();

  static {
    unit("K", "temperature", "1", "1", "0", "kelvin");
    unit("Cel", "temperature", "1", "1", "273.15", "c", "degc", "celsius", "degree_c", "°c");
    unit("[degF]", "temperature", "5", "9", "459.67", "f", "degf", "fahrenheit", "degree_f", "°f");
    unit("m/s", "speed", "1", "1", "0", "mps", "ms-1", "m s-1", "mpers");
    unit("km/h", "speed", "1000", "3600", "0", "kph", "kmh", "kmph");
    unit("[kn_i]", "speed", "1852", "3600", "0", "kt", "kts", "kn", "knot", "knots");
    unit("[mi_i]/h", "speed", "1609.344", "3600", "0", "mph", "mi/h");
    unit("Pa", "pressure", "1", "1", "0", "pascal");
    unit("hPa", "pressure", "100", "1", "0", "hectopascal");
    unit("kPa", "pressure", "1000", "1", "0", "kilopascal");
    unit("mbar", "pressure", "100", "1", "0", "mb", "millibar", "millibars");
    unit("[in_i'Hg]", "pressure", "3386.388640341", "1", "0", "inhg", "in_hg", "in hg");
    unit("m", "length", "1", "1", "0", "meter", "metre", "meters", "metres");
    unit("km", "length", "1000", "1", "0", "kilometer", "kilometre");
    unit("cm", "length", "0.01", "1", "0", "centimeter", "centimetre");
    unit("mm", "length", "0.001", "1", "0", "millimeter", "millimetre");
    unit("[in_i]", "length", "0.0254", "1", "0", "in", "inch", "inches");
    unit("[ft_i]", "length", "0.3048", "1", "0", "ft", "foot", "feet");
    unit("[mi_i]", "length", "1609.344", "1", "0", "mi", "mile", "miles");
    unit("1", "fraction", "1", "1", "0", "fraction");
    unit("%", "fraction", "0.01", "1", "0", "percent", "pct");
    unit("deg", "angle", "1", "1", "0", "degree", "degrees", "°");
    unit("W/m2", "irradiance", "1", "1", "0", "w/m^2", "w m-2", "wm-2");
  }

  private Units() {}

  /** The UCUM code that a code or an everyday name ({@code F}, {@code kts}, {@code inHg}) means. */
  public static Optional<String> code(String name) {
    return UNITS.containsKey(name)
        ? Optional.of(name)
        : Optional.ofNullable(NAMES.get(name.strip().toLowerCase(Locale.ROOT)));
  }

  /** Whether {@link #conversion} exists; the same text on both sides always does. */
  public static boolean convertible(String from, String to) {
    if (from.equals(to)) {
      return true;
    }
    Optional<String> a = code(from);
    Optional<String> b = code(to);
    return a.isPresent() && b.isPresent() && get(a.get()).quantity.equals(get(b.get()).quantity);
  }

  /**
   * The conversion between two units, by code or everyday name; for use over many values.
   *
   * @throws IllegalArgumentException for an unknown unit or units of different quantities
   */
  public static Conversion conversion(String from, String to) {
    if (from.equals(to)) {
      return Conversion.IDENTITY;
    }
    String a = known(from);
    String b = known(to);
    return CONVERSIONS.computeIfAbsent(a + ' ' + b, key -> between(a, b));
  }

  /** {@link Conversion#apply(double)} of {@link #conversion}. */
  public static double convert(double value, String from, String to) {
    return conversion(from, to).apply(value);
  }

  /** {@link Conversion#apply(Decimal)} of {@link #conversion}. */
  public static Decimal convert(Decimal value, String from, String to) {
    return conversion(from, to).apply(value);
  }

  /** The target unit of a variable in a unit system. */
  public static String target(Variable variable, UnitSystem system) {
    return VariableDictionary.unit(variable, system);
  }

  private static Conversion between(String from, String to) {
    Unit a = get(from);
    Unit b = get(to);
    if (!a.quantity.equals(b.quantity)) {
      throw new IllegalArgumentException(
          "Cannot convert %s (%s) to %s (%s); name a unit of %s"
              .formatted(from, a.quantity, to, b.quantity, a.quantity));
    }
    // base = (x + offset) * num / den on both sides, so y = (x + a.offset) * (a / b) - b.offset
    BigInteger num = a.num.multiply(b.den);
    BigInteger den = a.den.multiply(b.num);
    BigInteger common = num.gcd(den);
    return new Conversion(a.offset, num.divide(common), den.divide(common), b.offset);
  }

  private static String known(String name) {
    return code(name)
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "Unknown unit '%s'; use a UCUM code such as Cel, [degF], [kn_i], mbar"
                        .formatted(name)));
  }

  private static Unit get(String code) {
    return Objects.requireNonNull(UNITS.get(code));
  }

  private static void unit(
      String code,
      String quantity,
      String numerator,
      String denominator,
      String offset,
      String... names) {
    BigDecimal num = new BigDecimal(numerator);
    BigInteger scale = BigInteger.TEN.pow(num.scale());
    UNITS.put(
        code,
        new Unit(
            quantity,
            num.unscaledValue(),
            new BigInteger(denominator).multiply(scale),
            new BigDecimal(offset)));
    NAMES.put(code.toLowerCase(Locale.ROOT), code);
    for (String name : names) {
      NAMES.put(name, code);
    }
  }

  /** A unit: {@code base = (value + offset) * num / den}. */
  private record Unit(String quantity, BigInteger num, BigInteger den, BigDecimal offset) {}

  /** A conversion {@code y = (x + before) * num / den - after}. */
  public static final class Conversion {
    static final Conversion IDENTITY =
        new Conversion(BigDecimal.ZERO, BigInteger.ONE, BigInteger.ONE, BigDecimal.ZERO);

    private final BigDecimal before;
    private final BigInteger num;
    private final BigInteger den;
    private final BigDecimal after;
    private final double factorNum;
    private final double factorDen;
    private final double shift;
    private final boolean identity;

    private Conversion(BigDecimal before, BigInteger num, BigInteger den, BigDecimal after) {
      this.before = before;
      this.num = num;
      this.den = den;
      this.after = after;
      this.factorNum = num.doubleValue();
      this.factorDen = den.doubleValue();
      this.shift = exact(BigDecimal.ZERO, 30).doubleValue();
      this.identity = num.equals(den) && before.compareTo(after) == 0;
    }

    /** Whether values stay as they are. */
    public boolean isIdentity() {
      return identity;
    }

    /** The value in the target unit, within a few units in the last place. */
    public double apply(double value) {
      return identity ? value : value * factorNum / factorDen + shift;
    }

    /**
     * The exact value in the target unit, rounded half to even at the source's scale plus {@value
     * #EXTRA_DIGITS} digits, but at most 18 and at fewer where the digits would not fit 18 in all.
     * An identity keeps value and scale.
     *
     * @throws ArithmeticException when even the whole part has more than 18 digits
     */
    public Decimal apply(Decimal value) {
      if (identity) {
        return value;
      }
      BigDecimal x = BigDecimal.valueOf(value.unscaled(), value.scale());
      for (int scale = Math.min(CellState.SCALE_MAX, value.scale() + EXTRA_DIGITS);
          scale >= 0;
          scale--) {
        BigInteger y = exact(x, scale).unscaledValue();
        if (y.abs().compareTo(DECIMAL_END) < 0) {
          return new Decimal(y.longValueExact(), scale);
        }
      }
      throw new ArithmeticException(
          value + " has more than 18 digits after conversion; ask for it in its own unit");
    }

    private BigDecimal exact(BigDecimal x, int scale) {
      BigDecimal top =
          x.add(before).multiply(new BigDecimal(num)).subtract(after.multiply(new BigDecimal(den)));
      return top.divide(new BigDecimal(den), scale, RoundingMode.HALF_EVEN);
    }
  }
}
