package org.mesohub.grpc;

import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.grpc.server.GrpcProtocol;
import io.vertx.grpc.server.GrpcServer;
import io.vertx.grpc.server.GrpcServerOptions;
import io.vertx.grpc.server.Service;
import java.util.List;

/** Services over the requests of an HTTP server. */
final class GrpcHandler implements Handler<HttpServerRequest> {
  private final GrpcServer grpc;
  private final PortGuard guard;

  GrpcHandler(Vertx vertx, List<Service> services, PortGuard guard) {
    this.guard = guard;
    this.grpc =
        GrpcServer.server(
            vertx,
            new GrpcServerOptions()
                .setMaxMessageSize(Inbound.MESSAGE_BYTES_MAX)
                .removeEnabledProtocol(GrpcProtocol.TRANSCODING)
                .removeEnabledProtocol(GrpcProtocol.WEB)
                .removeEnabledProtocol(GrpcProtocol.WEB_TEXT)
                // Calls schedule their deadlines themselves, to clean up and to say what to do
                // next.
                .setScheduleDeadlineAutomatically(false));
    services.forEach(grpc::addService);
  }

  static boolean isGrpc(HttpServerRequest request) {
    String type = request.getHeader("content-type");
    return type != null
        && type.startsWith("application/grpc")
        && request.version() == HttpVersion.HTTP_2;
  }

  @Override
  public void handle(HttpServerRequest request) {
    nameEncoding(request);
    Call.arriving(new FramedRequest(request, guard), grpc);
  }

  /**
   * Gives a request without {@code grpc-encoding} a name for it: the decoder throws at a message
   * marked as compressed when there is none, and the call would hang.
   */
  private static void nameEncoding(HttpServerRequest request) {
    if (!request.headers().contains(Inbound.ENCODING_HEADER)) {
      request.headers().set(Inbound.ENCODING_HEADER, Inbound.ENCODING_UNNAMED);
    }
  }
}
