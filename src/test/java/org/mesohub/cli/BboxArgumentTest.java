package org.mesohub.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.mesohub.proto.v1.BoundingBox;

class BboxArgumentTest {
  @Test
  void a_box_may_cross_the_date_line() {
    assertThat(BboxArgument.parse("170,-20,-170.5,20"))
        .isEqualTo(
            BoundingBox.newBuilder()
                .setWest(170)
                .setSouth(-20)
                .setEast(-170.5)
                .setNorth(20)
                .build());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "1,2,3",
        "1,2,3,4,5",
        "a,b,c,d",
        "0,10,0,5",
        "0,0,181,1",
        "0,-91,0,0",
        "NaN,0,0,0"
      })
  void anything_else_is_wrong_usage(String text) {
    assertThatThrownBy(() -> BboxArgument.parse(text))
        .isInstanceOf(CliException.class)
        .hasMessageContaining("west,south,east,north");
  }
}
