package org.mesohub.query;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.mesohub.observation.Column;
import org.mesohub.observation.Named;
import org.mesohub.observation.Units;
import org.mesohub.observation.ValueKind;

/**
 * Compiles conditions. A name stands for all columns of its variable; numbers are in the unit
 * given, else in the unit that the name implies. Decimals of that unit are compared exactly,
 * everything else as doubles after conversion; a binary32 column of that unit is compared with the
 * float nearest to the constant, so that {@code 293.15} finds what is printed as 293.15.
 */
final class Conditions {
  private Conditions() {}

  /**
   * The predicate of a selection over the columns of a plan. Throws {@link InvalidQueryException}.
   */
  static Predicate compile(Selection selection, List<Column> columns) {
    var clauses = new ArrayList<List<ColumnTest>>();
    for (Condition condition : selection.where()) {
      clauses.add(compile(condition, columns));
    }
    BoundingBox box = selection.bbox();
    return new Predicate(clauses, box == null ? null : PositionTest.of(box, columns));
  }

  private static List<ColumnTest> compile(Condition condition, List<Column> columns) {
    Named named = Names.resolve(condition.variable());
    checkCount(condition);
    var tests = new ArrayList<ColumnTest>();
    if (named.variable().kind() == ValueKind.TEXT) {
      boolean equal = textEquality(condition);
      each(columns, named, c -> addText(c, condition, equal, tests));
    } else {
      String unit = unit(condition, named);
      var comparison = new Comparison(condition.op(), numbers(condition));
      each(columns, named, c -> addNumber(c, unit, comparison, tests));
    }
    return tests;
  }

  private static void each(List<Column> columns, Named named, Consumer<Column> action) {
    columns.stream().filter(c -> c.variable().equals(named.variable().id())).forEach(action);
  }

  private static void addText(
      Column column, Condition condition, boolean equal, List<ColumnTest> tests) {
    if (column.kind() == ValueKind.TEXT) {
      tests.add(new ColumnTest.Text(column, Set.copyOf(condition.values()), equal));
    }
  }

  private static void addNumber(
      Column column, String unit, Comparison comparison, List<ColumnTest> tests) {
    if (column.kind() == ValueKind.TEXT || !Units.convertible(column.unit(), unit)) {
      return;
    }
    Units.Conversion conversion = Units.conversion(column.unit(), unit);
    if (conversion.isIdentity() && column.kind() == ValueKind.DECIMAL) {
      tests.add(new ColumnTest.Exact(column, comparison));
    } else {
      Comparison doubles = conversion.isIdentity() ? comparison.asFloat32() : comparison;
      tests.add(new ColumnTest.Converted(column, conversion, doubles::test, doubles));
    }
  }

  private static void checkCount(Condition condition) {
    int values = condition.values().size();
    if (values == 0 || (values > 1 && condition.op() != Condition.Op.IN)) {
      throw new InvalidQueryException(
          "condition on %s: %s takes %s, not %d values"
              .formatted(
                  condition.variable(),
                  condition.op(),
                  condition.op() == Condition.Op.IN ? "one or more values" : "exactly one value",
                  values));
    }
  }

  /** Whether texts must be equal (else different). */
  private static boolean textEquality(Condition condition) {
    if (!condition.unit().isEmpty()) {
      throw new InvalidQueryException(
          "condition on %s: a text has no unit, leave out '%s'"
              .formatted(condition.variable(), condition.unit()));
    }
    return switch (condition.op()) {
      case EQ, IN -> true;
      case NE -> false;
      default ->
          throw new InvalidQueryException(
              "condition on %s: texts can be compared with EQ, NE and IN, not with %s"
                  .formatted(condition.variable(), condition.op()));
    };
  }

  private static String unit(Condition condition, Named named) {
    String implied = named.column().unit();
    if (condition.unit().isEmpty()) {
      return implied;
    }
    String unit =
        Units.code(condition.unit())
            .orElseThrow(() -> new InvalidQueryException(unknownUnit(condition, implied)));
    if (!Units.convertible(implied, unit)) {
      throw new InvalidQueryException(
          implied.isEmpty()
              ? "condition on %s: it is a code without unit, leave out '%s'"
                  .formatted(condition.variable(), condition.unit())
              : "condition on %s: '%s' cannot be converted to its unit '%s'"
                  .formatted(condition.variable(), condition.unit(), implied));
    }
    return unit;
  }

  private static String unknownUnit(Condition condition, String implied) {
    return "condition on %s: unknown unit '%s'; %s"
        .formatted(
            condition.variable(),
            condition.unit(),
            implied.isEmpty()
                ? "it is a code without unit"
                : "use one that converts to '" + implied + "', or none");
  }

  private static List<BigDecimal> numbers(Condition condition) {
    var numbers = new ArrayList<BigDecimal>();
    for (String value : condition.values()) {
      @Nullable BigDecimal number = Comparison.parse(value.strip());
      if (number == null) {
        throw new InvalidQueryException(
            "condition on %s: '%s' is not a number; write it like 26.7 or -40"
                .formatted(condition.variable(), value));
      }
      numbers.add(number);
    }
    return numbers;
  }
}
