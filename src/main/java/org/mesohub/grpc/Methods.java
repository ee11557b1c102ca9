package org.mesohub.grpc;

import com.google.protobuf.Descriptors.ServiceDescriptor;
import com.google.protobuf.MessageLite;
import com.google.protobuf.Parser;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.grpc.common.GrpcMessageDecoder;
import io.vertx.grpc.common.GrpcMessageEncoder;
import io.vertx.grpc.common.GrpcStatus;
import io.vertx.grpc.common.ServiceMethod;
import io.vertx.grpc.common.ServiceName;
import io.vertx.grpc.server.GrpcServerRequest;
import io.vertx.grpc.server.Service;
import io.vertx.grpc.server.ServiceBuilder;
import io.vertx.grpc.server.StatusException;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.mesohub.api.Right;

/**
 * Builds a service out of methods over serialized messages. The generated server code is not used:
 * it decodes and encodes on the event loop, leaves a call without a message hanging, and turns an
 * unreadable message into a reset.
 */
final class Methods {
  private static final Set<String> ENCODINGS = Set.of("identity", "gzip", Inbound.ENCODING_UNNAMED);

  private final Vertx vertx;
  private final Admission admission;
  private final GrpcMetrics metrics;
  private final ServiceName name;
  private final ServiceBuilder builder;

  Methods(Vertx vertx, Admission admission, GrpcMetrics metrics, ServiceDescriptor descriptor) {
    this.vertx = vertx;
    this.admission = admission;
    this.metrics = metrics;
    this.name = ServiceName.create(descriptor.getFullName());
    this.builder = Service.service(name, descriptor);
  }

  Service build() {
    return builder.build();
  }

  /** One message in, one out. A null right lets everybody in. */
  <T> Methods unary(
      String method,
      @Nullable Right right,
      Parser<T> parser,
      BiFunction<Principal, T, Future<? extends MessageLite>> handler) {
    return serverStream(
        method,
        right,
        parser,
        (call, ask) -> handler.apply(call.principal(), ask).onComplete(call::end, call::fail));
  }

  /** One message in; the handler writes and ends the call. */
  <T> Methods serverStream(
      String method, @Nullable Right right, Parser<T> parser, BiConsumer<Call, T> handler) {
    return stream(
        method,
        right,
        call -> Inbound.one(call, bytes -> handler.accept(call, Inbound.parse(parser, bytes))));
  }

  /** The handler reads the request's messages and ends the call. */
  Methods stream(String method, @Nullable Right right, Consumer<Call> handler) {
    ServiceMethod<Buffer, Buffer> bound =
        ServiceMethod.server(
            name, method, GrpcMessageEncoder.IDENTITY, GrpcMessageDecoder.IDENTITY);
    builder.bind(bound, request -> open(request, method, right, handler));
    return this;
  }

  private void open(
      GrpcServerRequest<Buffer, Buffer> request,
      String method,
      @Nullable Right right,
      Consumer<Call> handler) {
    Principal principal = Principal.STRANGER;
    RuntimeException refusal = null;
    try {
      principal = admission.admit(request.headers(), right);
    } catch (RuntimeException e) {
      refusal = e;
    }
    if (refusal == null && request.encoding() != null && !ENCODINGS.contains(request.encoding())) {
      refusal =
          new StatusException(
              GrpcStatus.UNIMPLEMENTED,
              "grpc-encoding " + request.encoding() + " is not known here: use identity or gzip");
    }
    var call =
        new Call(vertx, request, metrics, name.fullyQualifiedName() + "/" + method, principal);
    call.open();
    if (refusal != null) {
      call.fail(refusal);
    } else {
      Inbound.guarded(call, () -> handler.accept(call));
    }
  }
}
