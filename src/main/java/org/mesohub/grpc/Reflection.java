package org.mesohub.grpc;

import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.DescriptorValidationException;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.Descriptors.ServiceDescriptor;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.grpc.common.GrpcStatus;
import io.vertx.grpc.reflection.v1.ErrorResponse;
import io.vertx.grpc.reflection.v1.FileDescriptorResponse;
import io.vertx.grpc.reflection.v1.ListServiceResponse;
import io.vertx.grpc.reflection.v1.ServerReflectionProto;
import io.vertx.grpc.reflection.v1.ServerReflectionRequest;
import io.vertx.grpc.reflection.v1.ServerReflectionResponse;
import io.vertx.grpc.reflection.v1.ServiceResponse;
import io.vertx.grpc.server.Service;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Server reflection under its names of v1 and v1alpha, whose messages are the same on the wire;
 * many clients know only the older. The messages are those of vertx-grpc-reflection, whose own
 * service ends the stream after one question. Open to everybody.
 */
final class Reflection {
  private static final String V1 = "grpc.reflection.v1";
  private static final String V1ALPHA = "grpc.reflection.v1alpha";

  private final List<String> services = new ArrayList<>();
  private final Map<String, FileDescriptor> byName = new LinkedHashMap<>();
  private final Map<String, FileDescriptor> bySymbol = new HashMap<>();

  private Reflection() {}

  /** Both reflection services, over themselves and other services. */
  static List<Service> of(
      Vertx vertx, Admission admission, GrpcMetrics metrics, List<Service> others) {
    var reflection = new Reflection();
    others.forEach(service -> reflection.add(service.descriptor()));
    var both = new ArrayList<Service>();
    for (FileDescriptor file : List.of(ServerReflectionProto.getDescriptor(), alpha())) {
      ServiceDescriptor service = file.findServiceByName("ServerReflection");
      reflection.add(service);
      both.add(
          new Methods(vertx, admission, metrics, service)
              .stream("ServerReflectionInfo", null, reflection::converse).build());
    }
    return both;
  }

  /** The file of v1 with the package of v1alpha. */
  private static FileDescriptor alpha() {
    FileDescriptorProto v1 = ServerReflectionProto.getDescriptor().toProto();
    try {
      String name = V1ALPHA.replace('.', '/') + "/reflection.proto";
      var text = v1.toBuilder().clearOptions().setName(name).setPackage(V1ALPHA);
      text.getMessageTypeBuilderList()
          .forEach(
              message ->
                  message.getFieldBuilderList().stream()
                      .filter(field -> field.hasTypeName())
                      .forEach(field -> field.setTypeName(renamed(field.getTypeName()))));
      text.getServiceBuilderList()
          .forEach(
              service ->
                  service
                      .getMethodBuilderList()
                      .forEach(
                          method ->
                              method
                                  .setInputType(renamed(method.getInputType()))
                                  .setOutputType(renamed(method.getOutputType()))));
      return FileDescriptor.buildFrom(text.build(), new FileDescriptor[0]);
    } catch (DescriptorValidationException e) {
      throw new IllegalStateException("the reflection proto does not bear renaming", e);
    }
  }

  private static String renamed(String type) {
    return type.replace("." + V1 + ".", "." + V1ALPHA + ".");
  }

  private void add(ServiceDescriptor service) {
    services.add(service.getFullName());
    add(service.getFile());
  }

  private void add(FileDescriptor file) {
    if (byName.putIfAbsent(file.getName(), file) != null) {
      return;
    }
    file.getDependencies().forEach(this::add);
    file.getMessageTypes().forEach(type -> add(type, file));
    file.getEnumTypes().forEach(type -> bySymbol.put(type.getFullName(), file));
    for (ServiceDescriptor service : file.getServices()) {
      bySymbol.put(service.getFullName(), file);
      service.getMethods().forEach(method -> bySymbol.put(method.getFullName(), file));
    }
  }

  private void add(Descriptor type, FileDescriptor file) {
    bySymbol.put(type.getFullName(), file);
    type.getNestedTypes().forEach(nested -> add(nested, file));
    type.getEnumTypes().forEach(nested -> bySymbol.put(nested.getFullName(), file));
    type.getFields().forEach(field -> bySymbol.put(field.getFullName(), file));
  }

  private void converse(Call call) {
    Inbound.feed(
        call,
        bytes -> {
          call.write(answer(Inbound.parse(ServerReflectionRequest.parser(), bytes)));
          return Future.succeededFuture();
        },
        call::end);
  }

  private ServerReflectionResponse answer(ServerReflectionRequest request) {
    var response =
        ServerReflectionResponse.newBuilder()
            .setValidHost(request.getHost())
            .setOriginalRequest(request);
    return switch (request.getMessageRequestCase()) {
      case LIST_SERVICES -> response.setListServicesResponse(list()).build();
      case FILE_BY_FILENAME -> file(response, byName.get(request.getFileByFilename()));
      case FILE_CONTAINING_SYMBOL ->
          file(response, bySymbol.get(request.getFileContainingSymbol()));
      case FILE_CONTAINING_EXTENSION, ALL_EXTENSION_NUMBERS_OF_TYPE -> file(response, null);
      case MESSAGEREQUEST_NOT_SET ->
          error(response, GrpcStatus.INVALID_ARGUMENT, "the request asks for nothing");
    };
  }

  private ListServiceResponse list() {
    var list = ListServiceResponse.newBuilder();
    services.forEach(name -> list.addService(ServiceResponse.newBuilder().setName(name)));
    return list.build();
  }

  private static ServerReflectionResponse file(
      ServerReflectionResponse.Builder response, @Nullable FileDescriptor file) {
    if (file == null) {
      return error(response, GrpcStatus.NOT_FOUND, "nothing of that name is here");
    }
    var files = FileDescriptorResponse.newBuilder();
    var seen = new LinkedHashMap<String, FileDescriptor>();
    closure(file, seen);
    seen.values().forEach(each -> files.addFileDescriptorProto(each.toProto().toByteString()));
    return response.setFileDescriptorResponse(files).build();
  }

  private static void closure(FileDescriptor file, Map<String, FileDescriptor> seen) {
    if (seen.putIfAbsent(file.getName(), file) == null) {
      file.getDependencies().forEach(dependency -> closure(dependency, seen));
    }
  }

  private static ServerReflectionResponse error(
      ServerReflectionResponse.Builder response, GrpcStatus status, String message) {
    return response
        .setErrorResponse(
            ErrorResponse.newBuilder().setErrorCode(status.code).setErrorMessage(message))
        .build();
  }
}
