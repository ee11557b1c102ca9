package org.mesohub.grpc;

import com.google.protobuf.UnsafeByteOperations;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpConnection;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.mesohub.api.ApiException;
import org.mesohub.api.FederationApi;
import org.mesohub.api.LinkEnd;
import org.mesohub.proto.v1.LinkHello;
import org.mesohub.proto.v1.LinkMessage;

/** The end of a link at the one who holds it open: the call that carries it. */
final class CallEnd implements LinkEnd {
  private static final long PING_MS = 5_000;

  /** A ping that is not answered by then, and nothing else heard, and the connection is closed. */
  private static final long PONG_MS = 10_000;

  private static final int PING_BYTES = 8;

  private final Call call;
  private final Context context;
  private long heardNanos = System.nanoTime();

  private CallEnd(Call call, Context context) {
    this.call = call;
    this.context = context;
  }

  /** Serves a call on its own context. */
  static void serve(Vertx vertx, Call call, FederationApi federation, String nodeId) {
    Context context = vertx.getOrCreateContext();
    var other = new AtomicReference<@Nullable LinkEnd>();
    var own = new CallEnd(call, context);
    own.watch(vertx, System.nanoTime());
    call.cleanup(
        () -> {
          LinkEnd open = other.get();
          if (open != null) {
            open.end();
          }
        });
    Inbound.feed(
        call,
        bytes -> {
          own.heardNanos = System.nanoTime();
          LinkMessage message = Inbound.parse(LinkMessage.parser(), bytes);
          LinkEnd open = other.get();
          if (open == null) {
            other.set(open(call, message.getHello(), federation, own));
            call.write(
                LinkMessage.newBuilder()
                    .setHello(
                        LinkHello.newBuilder()
                            .setCluster(federation.cluster())
                            .setNode(nodeId)
                            .setProtocolMin(FederationApi.PROTOCOL)
                            .setProtocolMax(FederationApi.PROTOCOL))
                    .build());
            return Future.succeededFuture();
          }
          return Future.fromCompletionStage(
              open.write(Buffer.buffer(message.getData().toByteArray())).toCompletionStage(),
              context);
        },
        call::end);
  }

  private static LinkEnd open(Call call, LinkHello hello, FederationApi federation, LinkEnd end) {
    if (hello.getCluster().isEmpty() || hello.getNode().isEmpty()) {
      throw Invalid.invalid("hello: the first message of a link names its cluster and node");
    }
    FederationService.agree(hello.getProtocolMin(), hello.getProtocolMax());
    return federation.link(
        hello.getCluster(),
        hello.getNode(),
        hello.getEpoch(),
        FederationService.name(call.principal()),
        end);
  }

  @Override
  public Future<Void> write(Buffer bytes) {
    Promise<Void> welcome = Promise.promise();
    context.runOnContext(
        turn -> {
          if (call.isDone()) {
            welcome.fail(new ApiException(ApiException.Reason.UNAVAILABLE, "the link has ended"));
            return;
          }
          call.write(
              LinkMessage.newBuilder()
                  .setData(UnsafeByteOperations.unsafeWrap(bytes.getBytes()))
                  .build());
          if (call.isFull()) {
            call.onDrain(drained -> welcome.tryComplete());
          } else {
            welcome.complete();
          }
        });
    return welcome.future();
  }

  @Override
  public void end() {
    context.runOnContext(turn -> call.end());
  }

  @Override
  public void reset() {
    context.runOnContext(turn -> call.reset());
  }

  @Override
  public void refuse(ApiException why) {
    context.runOnContext(turn -> call.fail(why));
  }

  /** Pings the connection while the call lasts: the caller may have gone without a word. */
  private void watch(Vertx vertx, long sinceNanos) {
    vertx.setTimer(
        PING_MS,
        next -> {
          if (call.isDone()) {
            return;
          }
          HttpConnection over = call.request().connection();
          long late =
              vertx.setTimer(
                  PONG_MS,
                  timer -> {
                    if (heardNanos - sinceNanos > 0) {
                      watch(vertx, System.nanoTime());
                    } else {
                      over.close();
                    }
                  });
          over.ping(Buffer.buffer(new byte[PING_BYTES]))
              .onSuccess(
                  pong -> {
                    if (vertx.cancelTimer(late)) {
                      watch(vertx, System.nanoTime());
                    }
                  });
        });
  }
}
