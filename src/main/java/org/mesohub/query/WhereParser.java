package org.mesohub.query;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.mesohub.observation.Named;
import org.mesohub.observation.Units;
import org.mesohub.observation.ValueKind;

/**
 * Reads conditions written by people: {@code NAME OP VALUE UNIT}, such as {@code TMPF>80}, {@code
 * air_temperature >= 26.7 Cel}, {@code DRCT in (90, 180)} or {@code present_weather_text = RA}. The
 * unit may be left out or stand in brackets.
 */
public final class WhereParser {
  /** Longest text accepted; there is no use for more. */
  private static final int CHARS_MAX = 4_096;

  private static final Pattern PARTS =
      Pattern.compile(
          "\\s*([^\\s=!<>(),]+)\\s*(==|=|!=|<=|>=|<|>|(?<=\\s)[iI][nN](?=[\\s(]))(.*)",
          Pattern.DOTALL);

  private static final Pattern LIST = Pattern.compile("\\s*\\(([^()]*)\\)(.*)", Pattern.DOTALL);

  private static final Pattern NUMBER =
      Pattern.compile(
          "\\s*([+-]?(?:[0-9]+\\.?[0-9]*|\\.[0-9]+)(?:[eE][+-]?[0-9]{1,2})?)(?![0-9.])(.*)",
          Pattern.DOTALL);

  private WhereParser() {}

  /** The condition that a text says. Throws {@link InvalidQueryException}. */
  public static Condition parse(String text) {
    if (text.length() > CHARS_MAX) {
      throw new InvalidQueryException(
          "condition of %d characters: at most %d are read".formatted(text.length(), CHARS_MAX));
    }
    Matcher parts = PARTS.matcher(text);
    if (!parts.matches()) {
      throw new InvalidQueryException(
          "condition '%s': write NAME OPERATOR VALUE with one of = != < <= > >= in, as in TMPF>80"
              .formatted(text.strip()));
    }
    Named named = Names.resolve(parts.group(1));
    Condition.Op op = op(parts.group(2));
    String rest = parts.group(3);
    boolean isText = named.variable().kind() == ValueKind.TEXT;
    if (op == Condition.Op.IN) {
      return list(text, parts.group(1), rest, isText);
    }
    if (rest.isBlank()) {
      throw new InvalidQueryException(
          "condition '%s': there is no value after %s".formatted(text.strip(), parts.group(2)));
    }
    if (isText) {
      return new Condition(parts.group(1), op, List.of(unquoted(rest)), "");
    }
    Matcher number = NUMBER.matcher(rest);
    if (!number.matches()) {
      throw notANumber(text, rest.strip());
    }
    return new Condition(parts.group(1), op, List.of(number.group(1)), unit(text, number.group(2)));
  }

  private static Condition list(String text, String name, String rest, boolean isText) {
    Matcher list = LIST.matcher(rest);
    if (!list.matches()) {
      throw new InvalidQueryException(
          "condition '%s': write the values after 'in' in parentheses, as in DRCT in (90,180)"
              .formatted(text.strip()));
    }
    var values = new ArrayList<String>();
    for (String value : list.group(1).split(",", -1)) {
      if (value.isBlank()) {
        throw new InvalidQueryException(
            "condition '%s': a value of the list is empty".formatted(text.strip()));
      }
      if (!isText && Comparison.parse(value.strip()) == null) {
        throw notANumber(text, value.strip());
      }
      values.add(isText ? unquoted(value) : value.strip());
    }
    String unit = isText && list.group(2).isBlank() ? "" : unit(text, list.group(2));
    return new Condition(name, Condition.Op.IN, List.copyOf(values), unit);
  }

  private static InvalidQueryException notANumber(String text, String value) {
    return new InvalidQueryException(
        "condition '%s': '%s' is not a number with an optional unit, such as 26.7 or 26.7 Cel"
            .formatted(text.strip(), value));
  }

  private static Condition.Op op(String text) {
    return switch (text) {
      case "=", "==" -> Condition.Op.EQ;
      case "!=" -> Condition.Op.NE;
      case "<" -> Condition.Op.LT;
      case "<=" -> Condition.Op.LE;
      case ">" -> Condition.Op.GT;
      case ">=" -> Condition.Op.GE;
      default -> Condition.Op.IN;
    };
  }

  /** A unit, bare or in brackets; UCUM codes such as {@code [degF]} have brackets of their own. */
  private static String unit(String text, String rest) {
    String unit = rest.strip();
    if (unit.isEmpty() || Units.code(unit).isPresent()) {
      return unit;
    }
    if (unit.startsWith("[") && unit.endsWith("]")) {
      String inner = unit.substring(1, unit.length() - 1).strip();
      if (Units.code(inner).isPresent()) {
        return inner;
      }
    }
    throw new InvalidQueryException(
        "condition '%s': unknown unit '%s'; use a UCUM code such as Cel, [degF], m/s or mbar, or none"
            .formatted(text.strip(), unit));
  }

  private static String unquoted(String text) {
    String value = text.strip();
    boolean quoted =
        value.length() >= 2
            && (value.charAt(0) == '"' || value.charAt(0) == '\'')
            && value.charAt(value.length() - 1) == value.charAt(0);
    return quoted ? value.substring(1, value.length() - 1) : value;
  }
}
