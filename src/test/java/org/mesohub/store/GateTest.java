package org.mesohub.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mesohub.store.ChunkStoreContract.await;
import static org.mesohub.store.ChunkStoreContract.failure;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.mesohub.store.StoreException.Reason;

class GateTest {
  private final Vertx vertx = Vertx.vertx();

  @AfterEach
  void stop() throws Exception {
    await(vertx.close());
  }

  @Test
  void runsSoManyAtOnceQueuesSomeAndRefusesTheRest() throws Exception {
    Gate gate = new Gate(vertx, new MongoOptions("mongodb://x", "d", 60_000, 2, 3));
    List<Promise<Integer>> begun = new ArrayList<>();
    List<Future<Integer>> results = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      results.add(
          gate.run(
              "it",
              () -> {
                Promise<Integer> promise = Promise.promise();
                begun.add(promise);
                return promise.future();
              }));
    }
    assertThat(begun).hasSize(2);
    StoreException busy = failure(results.get(5));
    assertThat(busy.reason()).isEqualTo(Reason.UNAVAILABLE);
    assertThat(busy).hasMessageContaining("busy");
    for (int i = 0; i < 5; i++) {
      begun.get(i).complete(i);
      assertThat(await(results.get(i))).isEqualTo(i);
    }
    Future<String> later = gate.run("it", () -> Future.succeededFuture("free again"));
    assertThat(await(later)).isEqualTo("free again");
  }

  @Test
  void anOperationWithoutAnswerFailsAndKeepsItsPlaceUntilTheDriverGivesUp() throws Exception {
    Gate gate = new Gate(vertx, new MongoOptions("mongodb://x", "d", 20, 1, 1));
    Promise<String> hanging = Promise.promise();
    Future<String> first = gate.run("a read", hanging::future);
    Future<String> second = gate.run("a write", () -> Future.succeededFuture("ran"));
    assertThat(failure(first)).hasMessageContaining("a read had no answer in 20 ms");
    assertThat(failure(second)).hasMessageContaining("a write had no answer in 20 ms");
    hanging.fail("gave up");
    assertThat(await(gate.run("it", () -> Future.succeededFuture("ok")))).isEqualTo("ok");
  }

  @Test
  void failuresAndThrownErrorsComeOutAsStoreExceptions() {
    Gate gate = new Gate(vertx, MongoOptions.of("mongodb://x"));
    StoreException thrown =
        failure(
            gate.run(
                "a read",
                () -> {
                  throw new IllegalStateException("boom");
                }));
    assertThat(thrown).hasMessageContaining("a read failed: boom");
    StoreException full =
        failure(gate.run("a write", () -> Future.failedFuture("No space left on device")));
    assertThat(full.reason()).isEqualTo(Reason.FULL);
  }

  @Test
  void answersOnTheContextOfTheCaller() throws Exception {
    Gate gate = new Gate(vertx, new MongoOptions("mongodb://x", "d", 60_000, 1, 1));
    Promise<String> elsewhere = Promise.promise();
    Context context = vertx.getOrCreateContext();
    Promise<Void> done = Promise.promise();
    AtomicReference<Context> seen = new AtomicReference<>();
    context.runOnContext(
        begin ->
            gate.run("it", elsewhere::future)
                .onComplete(
                    ended -> {
                      seen.set(Vertx.currentContext());
                      done.complete();
                    }));
    vertx.setTimer(5, fired -> elsewhere.complete("x"));
    await(done.future());
    assertThat(seen.get()).isSameAs(context);
  }
}
