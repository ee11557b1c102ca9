package org.mesohub.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.mesohub.api.ApiException;

/**
 * What the committer promises whatever its jobs do: an answer for each, and a thread that lives.
 */
class CommitterTest {
  private static final long WAIT_SECONDS = 30;

  @Test
  void anErrorReachesItsCallerAndStopsNobodyElse() throws Exception {
    try (Committer committer = committer(8)) {
      CompletableFuture<String> broken =
          committer.exclusively(
              () -> {
                throw new StackOverflowError("deep");
              });

      assertThatThrownBy(() -> broken.get(WAIT_SECONDS, TimeUnit.SECONDS))
          .isInstanceOf(ExecutionException.class)
          .hasCauseInstanceOf(StackOverflowError.class);
      assertThat(committer.exclusively(() -> "next").get(WAIT_SECONDS, TimeUnit.SECONDS))
          .isEqualTo("next");
    }
  }

  @Test
  void whatFindsNoPlaceIsTurnedAway() throws Exception {
    var go = new CountDownLatch(1);
    var began = new CountDownLatch(1);
    try (Committer committer = committer(1)) {
      CompletableFuture<Boolean> running = committer.exclusively(() -> held(began, go));
      assertThat(began.await(WAIT_SECONDS, TimeUnit.SECONDS)).isTrue();
      CompletableFuture<String> waiting = committer.exclusively(() -> "waited");
      CompletableFuture<String> refused = committer.exclusively(() -> "never");

      assertThat(reason(refused)).isEqualTo(ApiException.Reason.OVERLOADED);
      go.countDown();
      assertThat(running.get(WAIT_SECONDS, TimeUnit.SECONDS)).isTrue();
      assertThat(waiting.get(WAIT_SECONDS, TimeUnit.SECONDS)).isEqualTo("waited");
    }
  }

  @Test
  void closingFinishesWhatIsQueuedAndTurnsAwayWhatComesLater() {
    Committer committer = committer(64);
    List<CompletableFuture<Integer>> queued = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      int job = i;
      queued.add(committer.exclusively(() -> job));
    }

    committer.close();

    assertThat(queued).allMatch(CompletableFuture::isDone);
    assertThat(queued.get(49)).isCompletedWithValue(49);
    assertThat(reason(committer.exclusively(() -> 1))).isEqualTo(ApiException.Reason.UNAVAILABLE);
  }

  private static boolean held(CountDownLatch began, CountDownLatch go) throws InterruptedException {
    began.countDown();
    return go.await(WAIT_SECONDS, TimeUnit.SECONDS);
  }

  private static ApiException.Reason reason(CompletableFuture<?> failed) {
    assertThat(failed).isCompletedExceptionally();
    return ((ApiException) failed.handle((value, failure) -> failure).join()).reason();
  }

  /** Only jobs without rows are given to it, so that it needs nothing to commit with. */
  @SuppressWarnings("NullAway")
  private static Committer committer(int waitingMax) {
    return new Committer(new PutCommit(null, null, null, null, Space.UNLIMITED), waitingMax);
  }
}
