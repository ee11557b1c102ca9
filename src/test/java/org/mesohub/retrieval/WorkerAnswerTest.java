package org.mesohub.retrieval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.mesohub.observation.ObservationBatch;
import org.mesohub.query.Answer;
import org.mesohub.query.AnswerBatch;
import org.mesohub.query.AnswerHeader;
import org.mesohub.query.AnswerSources;

class WorkerAnswerTest {
  private static final int BATCHES = 500;

  private final Vertx vertx = Vertx.vertx();
  private final CountDownLatch gate = new CountDownLatch(1);

  @AfterEach
  void close() throws Exception {
    gate.countDown();
    vertx.close().toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
  }

  @Test
  void givesEveryBatchOnceAndInOrderThroughAChainOfFutures() throws Exception {
    for (int round = 0; round < 20; round++) {
      var stream = answer(new Numbered());
      var got = new ArrayList<Integer>();
      Promise<Void> done = Promise.promise();
      vertx.runOnContext(ignored -> pull(stream, got, done));
      done.future().toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
      assertThat(got)
          .as("round %d", round)
          .isEqualTo(IntStream.rangeClosed(1, BATCHES).boxed().toList());
    }
  }

  @Test
  void refusesASecondCallWhileOneIsUnderWay() throws Exception {
    var stream =
        answer(
            new Numbered() {
              @Override
              public @Nullable AnswerBatch next() {
                try {
                  gate.await();
                } catch (InterruptedException e) {
                  Thread.currentThread().interrupt();
                }
                return super.next();
              }
            });
    Future<Integer> first = stream.next(batch -> batch.rows().rows());
    assertThatThrownBy(() -> stream.next(batch -> batch.rows().rows()))
        .isInstanceOf(IllegalStateException.class);
    gate.countDown();
    assertThat(first.toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS))
        .isEqualTo(1);
  }

  /** As the adapters do it: what maps failures stands between the answer and its consumer. */
  private static void pull(WorkerAnswer stream, List<Integer> got, Promise<Void> done) {
    stream
        .next(batch -> batch.rows().rows())
        .recover(Future::failedFuture)
        .onComplete(
            rows -> {
              if (rows == null) {
                done.complete();
              } else {
                got.add(rows);
                try {
                  pull(stream, got, done);
                } catch (RuntimeException e) {
                  done.tryFail(e);
                }
              }
            },
            done::tryFail);
  }

  private WorkerAnswer answer(Answer answer) {
    return new WorkerAnswer(answer, vertx.createSharedWorkerExecutor("answers", 4), () -> {});
  }

  /** Batches that claim 1, 2, 3, … rows. */
  private static class Numbered implements Answer {
    private final AtomicInteger given = new AtomicInteger();

    @Override
    public AnswerHeader header() {
      return new AnswerHeader(1, List.of());
    }

    @Override
    public AnswerSources sources() {
      return new AnswerSources();
    }

    @Override
    public @Nullable AnswerBatch next() {
      int rows = given.incrementAndGet();
      return rows > BATCHES
          ? null
          : new AnswerBatch(
              new ObservationBatch(rows, List.of(), new int[0], new long[0], List.of()),
              null,
              List.of(),
              null);
    }

    @Override
    public void close() {}
  }
}
