package org.mesohub.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.grpc.common.GrpcStatus;
import java.util.Arrays;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;
import org.mesohub.api.ApiException;
import org.mesohub.api.ApiException.Reason;
import org.mesohub.query.InvalidQueryException;

class StatusesTest {
  @Test
  void everyReasonHasAStatusOfItsOwnAndAnHttpError() {
    assertThat(Arrays.stream(Reason.values()).map(Statuses::grpc))
        .doesNotHaveDuplicates()
        .doesNotContain(GrpcStatus.OK);
    assertThat(Arrays.stream(Reason.values()).map(Statuses::http))
        .allMatch(code -> code >= 400 && code < 600);
  }

  @Test
  void keepsTheMessageOfAnExpectedFailure() {
    var failure = Statuses.of(new ApiException(Reason.OVERLOADED, "try later"));
    assertThat(failure)
        .isEqualTo(new Statuses.Failure(GrpcStatus.RESOURCE_EXHAUSTED, 429, "try later"));
    assertThat(
            Statuses.of(new CompletionException(new ApiException(Reason.NOT_FOUND, "x"))).status())
        .isEqualTo(GrpcStatus.NOT_FOUND);
    assertThat(Statuses.of(new InvalidQueryException("limit")).status())
        .isEqualTo(GrpcStatus.INVALID_ARGUMENT);
  }

  @Test
  void hidesTheCauseOfABugBehindAReference() {
    var failure = Statuses.of(new IllegalStateException("secret detail"));
    assertThat(failure.status()).isEqualTo(GrpcStatus.INTERNAL);
    assertThat(failure.description())
        .doesNotContain("secret")
        .containsPattern("reference [0-9a-f]{8}");
  }

  @Test
  void cutsDescriptionsThatNoHeaderCouldHold() {
    var failure = Statuses.of(new ApiException(Reason.INVALID, "x".repeat(100_000)));
    assertThat(failure.description()).hasSizeLessThanOrEqualTo(Statuses.DESCRIPTION_LENGTH_MAX + 1);
  }
}
