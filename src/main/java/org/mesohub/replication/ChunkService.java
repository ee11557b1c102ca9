package org.mesohub.replication;

import com.google.protobuf.UnsafeByteOperations;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.grpc.server.Service;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.mesohub.proto.internal.v1.ChunkServiceGrpcService;
import org.mesohub.proto.internal.v1.ChunkServiceService;
import org.mesohub.proto.internal.v1.DeleteChunksRequest;
import org.mesohub.proto.internal.v1.DeleteChunksResponse;
import org.mesohub.proto.internal.v1.GetChunkRequest;
import org.mesohub.proto.internal.v1.GetChunkResponse;
import org.mesohub.proto.internal.v1.ListChunksRequest;
import org.mesohub.proto.internal.v1.ListChunksResponse;
import org.mesohub.proto.internal.v1.PresentRequest;
import org.mesohub.proto.internal.v1.PresentResponse;
import org.mesohub.proto.internal.v1.PutChunksRequest;
import org.mesohub.proto.internal.v1.PutChunksResponse;
import org.mesohub.proto.internal.v1.StatRequest;
import org.mesohub.proto.internal.v1.StatResponse;
import org.mesohub.segment.ChunkId;
import org.mesohub.store.ChunkStore.Blob;
import org.mesohub.store.StoreException;
import org.mesohub.store.StoreException.Reason;

/**
 * {@code mesohub.internal.v1.ChunkService}: this node's chunks for its peers. For the internal port
 * only, on a server that takes messages of {@link ReplicationLimits#MESSAGE_BYTES_MAX}.
 */
public final class ChunkService extends ChunkServiceService {
  private final Vertx vertx;
  private final LocalChunks local;
  private final Consumer<ChunkId> corrupt;

  private ChunkService(Vertx vertx, LocalChunks local, Consumer<ChunkId> corrupt) {
    this.vertx = vertx;
    this.local = local;
    this.corrupt = corrupt;
  }

  /**
   * The service, to be bound to a server.
   *
   * @param corrupt hears of chunks that a peer asked for and that are corrupt here
   */
  public static Service of(Vertx vertx, LocalChunks local, Consumer<ChunkId> corrupt) {
    return ChunkServiceGrpcService.of(new ChunkService(vertx, local, corrupt));
  }

  @Override
  public Future<PutChunksResponse> put(PutChunksRequest request) {
    // Hashing four megabytes takes too long for an event loop.
    return answer(
        () ->
            worker(() -> Wire.chunks(request.getChunksList()))
                .compose(
                    chunks ->
                        request.getReplace()
                            ? replace(request.getCondemnEpoch(), chunks)
                            : local.put(request.getCondemnEpoch(), chunks))
                .map(PutChunksResponse.getDefaultInstance()));
  }

  private Future<Void> replace(long condemnEpoch, List<Blob> chunks) {
    Future<Void> done = Future.succeededFuture();
    for (Blob chunk : chunks) {
      done = done.compose(before -> local.replace(condemnEpoch, chunk));
    }
    return done;
  }

  @Override
  public Future<GetChunkResponse> get(GetChunkRequest request) {
    return answer(
        () -> {
          ChunkId id = Wire.id(request.getId());
          return local
              .get(id, request.getHealing())
              .onFailure(failure -> noteCorrupt(id, request.getHealing(), failure))
              .map(
                  bytes ->
                      GetChunkResponse.newBuilder()
                          .setContent(UnsafeByteOperations.unsafeWrap(bytes))
                          .build());
        });
  }

  private void noteCorrupt(ChunkId id, boolean healing, Throwable failure) {
    if (!healing && failure instanceof StoreException known && known.reason() == Reason.CORRUPT) {
      corrupt.accept(id);
    }
  }

  @Override
  public Future<PresentResponse> present(PresentRequest request) {
    return answer(
        () ->
            local
                .present(Wire.ids(request.getIdsList()))
                .map(ids -> PresentResponse.newBuilder().addAllIds(Wire.ids(ids)).build()));
  }

  @Override
  public Future<DeleteChunksResponse> delete(DeleteChunksRequest request) {
    return answer(
        () ->
            local
                .delete(request.getCondemnEpoch(), Wire.ids(request.getIdsList()))
                .map(DeleteChunksResponse.getDefaultInstance()));
  }

  @Override
  public Future<ListChunksResponse> list(ListChunksRequest request) {
    return answer(
        () -> {
          @Nullable ChunkId after =
              request.getAfter().isEmpty() ? null : Wire.id(request.getAfter());
          return local
              .list(after, request.getLimit())
              .map(ids -> ListChunksResponse.newBuilder().addAllIds(Wire.ids(ids)).build());
        });
  }

  @Override
  public Future<StatResponse> stat(StatRequest request) {
    return answer(
        () ->
            local
                .stat()
                .map(
                    stat ->
                        StatResponse.newBuilder()
                            .setFreeBytes(stat.freeBytes())
                            .setCapacityBytes(stat.capacityBytes())
                            .setUsedBytes(stat.usedBytes())
                            .setTakesChunks(stat.takesChunks())
                            .setProblem(stat.problem())
                            .setCondemnEpoch(local.condemnEpoch())
                            .build()));
  }

  private <T> Future<T> worker(Callable<T> work) {
    return vertx.executeBlocking(work, false);
  }

  private static <T> Future<T> answer(Supplier<Future<T>> work) {
    Future<T> answer;
    try {
      answer = work.get();
    } catch (RuntimeException e) {
      answer = Future.failedFuture(e);
    }
    return answer.recover(failure -> Future.failedFuture(Failures.status(failure)));
  }
}
