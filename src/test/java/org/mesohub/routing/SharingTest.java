package org.mesohub.routing;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SharingTest {
  private final Sharing sharing = new Sharing(Map.of("8", Set.of("idaho", "hub"), "65", Set.of()));

  @Test
  void what_is_not_closed_is_everybodys() {
    assertThat(Sharing.OPEN.denied(List.of("anybody"))).isEmpty();
    assertThat(sharing.denied(List.of("idaho"))).containsExactly("65");
  }

  @Test
  void all_that_a_query_came_through_must_be_named() {
    assertThat(sharing.denied(List.of("idaho", "hub"))).containsExactly("65");
    assertThat(sharing.denied(List.of("nevada", "hub"))).containsExactly("65", "8");
  }
}
