package org.mesohub.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.junit.jupiter.api.Test;

class ArgumentsTest {
  private static final Set<String> COMMANDS = Set.of("get", "serve");

  @Test
  void no_arguments_mean_serve() {
    assertThat(Arguments.commandFirst(new String[0], COMMANDS)).containsExactly("serve");
  }

  @Test
  void global_options_move_behind_the_command() {
    assertThat(order("--node", "a:1", "--timeout=3s", "get", "--limit", "1"))
        .containsExactly("get", "--node", "a:1", "--timeout=3s", "--limit", "1");
  }

  @Test
  void everything_else_stays_as_it_is() {
    assertThat(order("get", "--node", "a:1")).containsExactly("get", "--node", "a:1");
    assertThat(order("--help")).containsExactly("--help");
    assertThat(order("--nodes", "get")).containsExactly("--nodes", "get");
    assertThat(order("--node", "get")).containsExactly("--node", "get");
  }

  private static java.util.List<String> order(String... args) {
    return Arguments.commandFirst(args, COMMANDS);
  }
}
