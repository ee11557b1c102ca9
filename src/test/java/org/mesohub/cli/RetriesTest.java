package org.mesohub.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.vertx.grpc.common.GrpcStatus;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class RetriesTest {
  private final List<Long> waits = new ArrayList<>();
  private final List<String> told = new ArrayList<>();
  private int moves;

  @Test
  void it_tries_again_with_growing_waits_until_it_succeeds() {
    assertThat(run(9, GrpcStatus.UNAVAILABLE, GrpcStatus.RESOURCE_EXHAUSTED, GrpcStatus.UNKNOWN))
        .isEqualTo("done");
    assertThat(waits).containsExactly(250L, 500L, 1_000L);
    assertThat(told).hasSize(3).allMatch(text -> text.contains("trying again"));
    assertThat(moves).isEqualTo(3);
  }

  @Test
  void a_refusal_is_final() {
    assertThat(failure(9, GrpcStatus.UNAVAILABLE, GrpcStatus.ALREADY_EXISTS).kind())
        .isEqualTo(CallException.Kind.REFUSED);
    assertThat(waits).hasSize(1);
  }

  @Test
  void attempts_are_bounded_and_waits_too() {
    GrpcStatus[] down = new GrpcStatus[20];
    Arrays.fill(down, GrpcStatus.UNAVAILABLE);

    assertThat(failure(8, down).kind()).isEqualTo(CallException.Kind.UNAVAILABLE);
    assertThat(waits).containsExactly(250L, 500L, 1_000L, 2_000L, 4_000L, 8_000L, 8_000L, 8_000L);
  }

  @Test
  void once_it_may_have_happened_a_later_unavailable_does_not_make_it_certain() {
    CallException failure = failure(1, GrpcStatus.DEADLINE_EXCEEDED, GrpcStatus.UNAVAILABLE);

    assertThat(failure.kind()).isEqualTo(CallException.Kind.INDETERMINATE);
    assertThat(failure).hasMessageContaining("an earlier attempt may have been stored");
  }

  private CallException failure(int retries, GrpcStatus... failures) {
    return catchThrowableOfType(CallException.class, () -> run(retries, failures));
  }

  private String run(int retries, GrpcStatus... failures) {
    var left = new ArrayDeque<>(Arrays.asList(failures));
    return new Retries(retries, () -> moves++, told::add, waits::add)
        .run(
            () -> {
              if (left.isEmpty()) {
                return "done";
              }
              throw CallException.of(left.remove(), "");
            });
  }
}
