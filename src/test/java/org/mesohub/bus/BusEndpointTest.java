package org.mesohub.bus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.DeliveryContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class BusEndpointTest {
  private final Vertx vertx = Vertx.vertx();
  private final BusEndpoint a = new BusEndpoint(vertx, "uni", "a", List.of("b"));
  private final BusEndpoint b = new BusEndpoint(vertx, "uni", "b", List.of("a"));

  @BeforeEach
  void start() throws Exception {
    await(a.start());
    await(b.start());
  }

  @AfterEach
  void stop() throws Exception {
    await(a.close());
    await(b.close());
    await(vertx.close());
  }

  @Test
  void largeMessagesArriveWhole() throws Exception {
    b.serve((kind, message) -> CompletableFuture.completedFuture(sum(message)));
    for (int bytes :
        new int[] {0, 1, Frame.PAYLOAD_BYTES_MAX, Frame.PAYLOAD_BYTES_MAX + 1, 1 << 20}) {
      byte[] message = new byte[bytes];
      new Random(bytes).nextBytes(message);
      assertThat(a.ask("b", Kind.APPEND, 1, message).get(60, TimeUnit.SECONDS))
          .as("%d bytes", bytes)
          .isEqualTo(sum(message));
    }
  }

  @Test
  void votesAndHeartbeatsDoNotWaitForEntries() throws Exception {
    CountDownLatch release = new CountDownLatch(1);
    CountDownLatch blocked = new CountDownLatch(1);
    b.serve(
        (kind, message) -> {
          if (kind == Kind.APPEND) {
            blocked.countDown();
            awaitQuietly(release);
          }
          return CompletableFuture.completedFuture(message);
        });
    CompletableFuture<byte[]> append = a.ask("b", Kind.APPEND, 1, new byte[1]);
    assertThat(blocked.await(60, TimeUnit.SECONDS)).isTrue();
    assertThat(a.ask("b", Kind.HEARTBEAT, 1, new byte[2]).get(60, TimeUnit.SECONDS)).hasSize(2);
    assertThat(a.ask("b", Kind.VOTE, 1, new byte[3]).get(60, TimeUnit.SECONDS)).hasSize(3);
    release.countDown();
    append.handle((answer, failure) -> "done").get(60, TimeUnit.SECONDS);
  }

  @Test
  void aPeerThatFailsSaysWhyAndOneThatIsNotOpenToo() {
    assertThatThrownBy(() -> a.ask("b", Kind.VOTE, 1, new byte[0]).get(60, TimeUnit.SECONDS))
        .hasRootCauseMessage("the log of node b is not open");
    b.serve((kind, message) -> CompletableFuture.failedFuture(new IllegalStateException("oops")));
    assertThatThrownBy(() -> a.ask("b", Kind.VOTE, 1, new byte[0]).get(60, TimeUnit.SECONDS))
        .hasMessageContaining("oops");
  }

  @Test
  void aStrangerIsNotAnswered() throws Exception {
    BusEndpoint stranger = new BusEndpoint(vertx, "uni", "c", List.of("b"));
    await(stranger.start());
    b.serve((kind, message) -> CompletableFuture.completedFuture(message));
    assertThatThrownBy(() -> stranger.ask("b", Kind.VOTE, 1, new byte[0]).get(60, TimeUnit.SECONDS))
        .hasMessageContaining("not of this cluster");
    await(stranger.close());
  }

  @Test
  void beyondTheCreditOfAPeerSendsFailAtOnceAndItComesBack() throws Exception {
    b.serve((kind, message) -> CompletableFuture.completedFuture(new byte[0]));
    Handler<DeliveryContext<Object>> swallow = context -> {};
    vertx.eventBus().addOutboundInterceptor(swallow);
    List<CompletableFuture<byte[]>> sent = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      sent.add(a.ask("b", Kind.APPEND, 1, new byte[4 << 20]));
    }
    assertThat(sent.get(2)).isCompletedExceptionally();
    assertThatThrownBy(() -> sent.get(2).get()).hasMessageContaining("too much is under way");
    for (CompletableFuture<byte[]> each : sent) {
      each.handle((answer, failure) -> "done").get(60, TimeUnit.SECONDS);
    }
    vertx.eventBus().removeOutboundInterceptor(swallow);
    assertThat(a.ask("b", Kind.APPEND, 1, new byte[4 << 20])).isNotCompletedExceptionally();
  }

  /** As after a healed partition: what was held up comes long after its sender has given up. */
  @Test
  void heldUpFramesAreDroppedAndCounted() throws Exception {
    List<DeliveryContext<Object>> held = new ArrayList<>();
    List<byte[]> handled = new ArrayList<>();
    b.serve(
        (kind, message) -> {
          synchronized (handled) {
            handled.add(message);
          }
          return CompletableFuture.completedFuture(message);
        });
    a.ask("b", Kind.VOTE, 1, new byte[1]).get(60, TimeUnit.SECONDS);
    vertx
        .eventBus()
        .addOutboundInterceptor(
            context -> {
              if (context.body() instanceof Frame frame && frame.kind() == Kind.VOTE) {
                held.add(context);
              } else {
                context.next();
              }
            });
    CompletableFuture<byte[]> vote = a.ask("b", Kind.VOTE, 1, new byte[2]);
    assertThatThrownBy(() -> vote.get(60, TimeUnit.SECONDS)).hasMessageContaining("Timed out");
    Thread.sleep(1_200); // beyond the ttl even by the most lenient estimate
    held.forEach(DeliveryContext::next);
    a.ask("b", Kind.HEARTBEAT, 1, new byte[3]).get(60, TimeUnit.SECONDS);
    assertThat(b.lateFrames("a")).isEqualTo(1);
    synchronized (handled) {
      assertThat(handled).extracting(message -> message.length).containsExactly(1, 3);
    }
  }

  @Test
  void anAddressRegisteredAnewAnswers() throws Exception {
    b.serve((kind, message) -> CompletableFuture.completedFuture(message));
    await(b.listenAnew());
    assertThat(a.ask("b", Kind.VOTE, 1, new byte[3]).get(60, TimeUnit.SECONDS)).hasSize(3);
    assertThat(a.ping("b").get(60, TimeUnit.SECONDS)).isNotNegative();
  }

  private static byte[] sum(byte[] message) {
    return java.nio.ByteBuffer.allocate(4).putInt(java.util.Arrays.hashCode(message)).array();
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void await(Future<?> future) throws Exception {
    future.await(60, TimeUnit.SECONDS);
  }
}
