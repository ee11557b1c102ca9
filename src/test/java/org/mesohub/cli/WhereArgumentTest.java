package org.mesohub.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.mesohub.proto.v1.Condition;

class WhereArgumentTest {
  @ParameterizedTest
  @CsvSource({
    "TMPF>80, TMPF, GT, 80, ''",
    "TMPF >= -3.5, TMPF, GE, -3.5, ''",
    "TMPF<80, TMPF, LT, 80, ''",
    "TMPF<=80, TMPF, LE, 80, ''",
    "TMPF=80, TMPF, EQ, 80, ''",
    "TMPF==80, TMPF, EQ, 80, ''",
    "TMPF!=80, TMPF, NE, 80, ''",
    "air_temperature <= 0 Cel, air_temperature, LE, 0, Cel",
  })
  void a_comparison_has_variable_operator_value_and_perhaps_a_unit(
      String text, String variable, Condition.Op op, String value, String unit) {
    Condition condition = WhereArgument.parse(text);

    assertThat(condition.getVariable()).isEqualTo(variable);
    assertThat(condition.getOp()).isEqualTo(op);
    assertThat(condition.getValuesList()).isEqualTo(List.of(value));
    assertThat(condition.getUnit()).isEqualTo(unit);
  }

  @Test
  void in_takes_several_values() {
    Condition condition = WhereArgument.parse("WTHR in (1,2,8)");

    assertThat(condition.getOp()).isEqualTo(Condition.Op.IN);
    assertThat(condition.getValuesList()).containsExactly("1", "2", "8");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "TMPF", "TMPF>", ">80", "TMPF~80", "TMPF > 1 2 3", "NOSUCH>1"})
  void anything_else_is_wrong_usage(String text) {
    assertThatThrownBy(() -> WhereArgument.parse(text))
        .isInstanceOf(CliException.class)
        .hasMessageStartingWith("--where: ");
  }
}
