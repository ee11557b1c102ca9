package org.mesohub.cli;

import org.mesohub.proto.v1.Condition;
import org.mesohub.query.InvalidQueryException;
import org.mesohub.query.WhereParser;

/**
 * Conditions as typed: {@code TMPF>80}, {@code air_temperature <= 0 Cel}, {@code DRCT in (90,180)}.
 */
final class WhereArgument {
  private WhereArgument() {}

  /**
   * @throws CliException when it is not a condition on a known variable
   */
  static Condition parse(String text) {
    try {
      var condition = WhereParser.parse(text);
      return Condition.newBuilder()
          .setVariable(condition.variable())
          .setOp(Condition.Op.valueOf(condition.op().name()))
          .addAllValues(condition.values())
          .setUnit(condition.unit())
          .build();
    } catch (InvalidQueryException e) {
      throw CliException.usage("--where: " + e.getMessage());
    }
  }
}
