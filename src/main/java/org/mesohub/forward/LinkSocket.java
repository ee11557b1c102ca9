package org.mesohub.forward;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetSocket;
import org.mesohub.api.ApiException;
import org.mesohub.api.ApiException.Reason;
import org.mesohub.api.LinkEnd;

/** A socket as the end of a link: what it reads goes to the other end, one piece at a time. */
final class LinkSocket implements LinkEnd {
  private static final String ENDED = "the connection that the link leads to has ended";

  private final Context context;
  private final NetSocket socket;

  private LinkSocket(Context context, NetSocket socket) {
    this.context = context;
    this.socket = socket;
  }

  /**
   * Joins a socket and another end.
   *
   * @param context the socket's, which is the present one
   */
  static LinkSocket join(Context context, NetSocket socket, LinkEnd other) {
    socket.handler(
        bytes -> {
          socket.pause();
          other
              .write(bytes)
              .onComplete(
                  taken ->
                      context.runOnContext(
                          turn -> {
                            if (taken.succeeded()) {
                              socket.resume();
                            } else {
                              socket.close();
                            }
                          }));
        });
    socket.exceptionHandler(e -> socket.close());
    socket.endHandler(end -> other.end()); // after what was read before
    return new LinkSocket(context, socket);
  }

  @Override
  public Future<Void> write(Buffer bytes) {
    Promise<Void> welcome = Promise.promise();
    context.runOnContext(
        turn -> {
          socket
              .write(bytes)
              .onFailure(e -> welcome.tryFail(new ApiException(Reason.UNAVAILABLE, ENDED)));
          if (socket.writeQueueFull()) {
            socket.drainHandler(drained -> welcome.tryComplete());
          } else {
            welcome.tryComplete();
          }
        });
    return welcome.future();
  }

  @Override
  public void end() {
    context.runOnContext(turn -> socket.end());
  }
}
