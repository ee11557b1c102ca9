package org.mesohub.grpc;

import static org.mesohub.grpc.Invalid.invalid;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.grpc.common.GrpcStatus;
import io.vertx.grpc.server.StatusException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.mesohub.api.Backups;
import org.mesohub.api.NodeApi;
import org.mesohub.proto.v1.BackupChunk;
import org.mesohub.proto.v1.BackupIds;
import org.mesohub.proto.v1.BackupRequest;
import org.mesohub.proto.v1.BackupResponse;
import org.mesohub.proto.v1.BackupWant;
import org.mesohub.segment.ChunkId;

/**
 * One {@code Backup}: header, catalogue and ids as fast as the client takes them, then the chunks
 * that it wants, a few of them read ahead. The client is held back while it wants more than it has
 * taken.
 */
final class BackupCall {
  /** Ids of one message. */
  private static final int IDS_MAX = 4_096;

  /** Chunks wanted beyond which the client is not read. */
  private static final int WANTED_MAX = 8 * BackupApi.CHUNKS_MAX;

  /** Chunks read before the client has taken those before: 2 MiB each. */
  private static final int READ_AHEAD = 4;

  /** A copy holds back the removal of chunks; nobody may forget one. */
  private static final long SILENCE_MS_MAX = 600_000;

  private final NodeApi node;
  private final Call call;
  private final Deque<ChunkId> wanted = new ArrayDeque<>();
  private final Deque<Future<Buffer>> reading = new ArrayDeque<>();
  private Backups.@Nullable Copy copy;

  /** Bytes of the catalogue sent; -1 before the header. */
  private int sent = -1;

  private Iterator<Map.Entry<ChunkId, Integer>> listed =
      Map.<ChunkId, Integer>of().entrySet().iterator();
  private boolean begun;
  private boolean ended;
  private long heardNanos = System.nanoTime();

  /** What the writer waits for. */
  private @Nullable Promise<Void> more;

  /** What the reader waits for. */
  private @Nullable Promise<Void> room;

  private BackupCall(NodeApi node, Call call) {
    this.node = node;
    this.call = call;
  }

  static void handle(NodeApi node, Call call) {
    var backup = new BackupCall(node, call);
    Inbound.feed(call, backup::message, backup::end);
  }

  private Future<Void> message(Inbound.Bytes bytes) {
    heardNanos = System.nanoTime();
    BackupRequest request = Inbound.parse(BackupRequest.parser(), bytes);
    return switch (request.getPartCase()) {
      case BEGIN -> begin();
      case WANT -> want(request.getWant());
      case PART_NOT_SET -> throw invalid("a message holds begin or want; one held neither");
    };
  }

  private Future<Void> begin() {
    if (begun) {
      throw invalid("begin: a second one came; one begins the stream");
    }
    begun = true;
    return node.backups().copy().onSuccess(this::opened).mapEmpty();
  }

  private void opened(Backups.Copy opened) {
    copy = opened;
    listed = opened.chunks().entrySet().iterator();
    heardNanos = System.nanoTime();
    long timer = call.vertx().setPeriodic(SILENCE_MS_MAX / 10, id -> checkSilence());
    call.cleanup(
        () -> {
          call.vertx().cancelTimer(timer);
          opened.close();
        });
    Outbound.pumpLater(call, () -> next(opened));
  }

  private void checkSilence() {
    if (!ended && room == null && System.nanoTime() - heardNanos > SILENCE_MS_MAX * 1_000_000) {
      call.fail(
          new StatusException(
              GrpcStatus.DEADLINE_EXCEEDED,
              "the client of this copy has said nothing for " + SILENCE_MS_MAX / 1000 + " s"));
    }
  }

  private Future<Void> want(BackupWant want) {
    if (copy == null) {
      throw invalid("the first message of a backup is begin");
    }
    if (want.getIdsCount() > BackupApi.CHUNKS_MAX) {
      throw invalid(
          "want.ids: " + want.getIdsCount() + " are too many, at most " + BackupApi.CHUNKS_MAX);
    }
    want.getIdsList().forEach(id -> wanted.add(BackupApi.id(id)));
    wake();
    if (wanted.size() <= WANTED_MAX) {
      return Future.succeededFuture();
    }
    Promise<Void> waits = Promise.promise();
    room = waits;
    return waits.future();
  }

  private void end() {
    if (!begun) {
      throw invalid("the stream ended before begin came");
    }
    ended = true;
    wake();
  }

  private void wake() {
    Promise<Void> waits = more;
    more = null;
    if (waits != null) {
      waits.complete();
    }
  }

  private Future<@Nullable Buffer> next(Backups.Copy open) {
    if (sent < 0) {
      sent = 0;
      return message(BackupResponse.newBuilder().setHeader(BackupApi.header(open.header())));
    }
    if (sent < open.catalogue().length) {
      int length = Math.min(BackupApi.PIECE_BYTES_MAX, open.catalogue().length - sent);
      ByteString piece = UnsafeByteOperations.unsafeWrap(open.catalogue(), sent, length);
      sent += length;
      return message(BackupResponse.newBuilder().setCatalogue(piece));
    }
    if (listed.hasNext()) {
      return message(BackupResponse.newBuilder().setIds(ids()));
    }
    readAhead(open);
    Future<Buffer> read = reading.poll();
    if (read != null) {
      return read.map(chunk -> chunk);
    }
    if (ended) {
      return Future.succeededFuture(null);
    }
    Promise<Void> waits = Promise.promise();
    more = waits;
    return waits.future().compose(woken -> next(open));
  }

  private BackupIds ids() {
    var ids = BackupIds.newBuilder();
    while (ids.getIdsCount() < IDS_MAX && listed.hasNext()) {
      Map.Entry<ChunkId, Integer> chunk = listed.next();
      ids.addIds(ByteString.copyFrom(chunk.getKey().hash())).addSizes(chunk.getValue());
    }
    return ids.build();
  }

  private void readAhead(Backups.Copy open) {
    while (reading.size() < READ_AHEAD && !wanted.isEmpty()) {
      ChunkId id = wanted.remove();
      reading.add(open.chunk(id).map(bytes -> chunk(id, bytes)));
    }
    Promise<Void> waits = room;
    if (waits != null && wanted.size() <= WANTED_MAX / 2) {
      room = null;
      waits.complete();
    }
  }

  private static Buffer chunk(ChunkId id, byte[] bytes) {
    return buffer(
        BackupResponse.newBuilder()
            .setChunk(
                BackupChunk.newBuilder()
                    .setId(ByteString.copyFrom(id.hash()))
                    .setData(UnsafeByteOperations.unsafeWrap(bytes))));
  }

  private static Future<@Nullable Buffer> message(BackupResponse.Builder message) {
    return Future.succeededFuture(buffer(message));
  }

  private static Buffer buffer(BackupResponse.Builder message) {
    return Buffer.buffer(message.build().toByteArray());
  }
}
