package org.mesohub.grpc;

import static org.mesohub.grpc.Invalid.invalid;

import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import org.mesohub.api.Backups;
import org.mesohub.api.NodeApi;
import org.mesohub.proto.v1.BackupChunk;
import org.mesohub.proto.v1.RestoreChunks;
import org.mesohub.proto.v1.RestoreRequest;
import org.mesohub.segment.ChunkId;
import org.mesohub.store.ChunkStore.Blob;

/** One {@code Restore}: header, catalogue, chunks, each taken before the next is read. */
final class RestoreCall {
  /** Content of the chunks of one message, in bytes. */
  private static final int BYTES_MAX = 4 << 20;

  private final Backups.Restore restore;
  private final Call call;
  private boolean begun;

  private RestoreCall(Backups.Restore restore, Call call) {
    this.restore = restore;
    this.call = call;
  }

  static void handle(NodeApi node, Call call) {
    Backups.Restore restore = node.backups().restore();
    call.cleanup(restore::cancel);
    var handler = new RestoreCall(restore, call);
    Inbound.feed(call, handler::message, handler::finish);
  }

  private Future<Void> message(Inbound.Bytes bytes) {
    RestoreRequest request = Inbound.parse(RestoreRequest.parser(), bytes);
    if (begun == request.hasHeader()) {
      throw invalid("a restore begins with its header, and has one");
    }
    begun = true;
    return switch (request.getPartCase()) {
      case HEADER -> restore.header(BackupApi.header(request.getHeader()));
      case CATALOGUE -> catalogue(request.getCatalogue().toByteArray());
      case CHUNKS -> restore.chunks(chunks(request.getChunks()));
      case PART_NOT_SET ->
          throw invalid("a message holds a header, a piece of the catalogue or chunks");
    };
  }

  private Future<Void> catalogue(byte[] piece) {
    if (piece.length > BackupApi.PIECE_BYTES_MAX) {
      throw invalid("catalogue: " + piece.length + " bytes, at most " + BackupApi.PIECE_BYTES_MAX);
    }
    return restore.catalogue(piece);
  }

  private static List<Blob> chunks(RestoreChunks chunks) {
    long bytes = chunks.getChunksList().stream().mapToLong(chunk -> chunk.getData().size()).sum();
    if (chunks.getChunksCount() > BackupApi.CHUNKS_MAX || bytes > BYTES_MAX) {
      throw invalid(
          "chunks: at most "
              + BackupApi.CHUNKS_MAX
              + " with at most "
              + BYTES_MAX
              + " bytes together");
    }
    List<Blob> blobs = new ArrayList<>();
    for (BackupChunk chunk : chunks.getChunksList()) {
      ChunkId id = BackupApi.id(chunk.getId());
      blobs.add(new Blob(id, chunk.getData().toByteArray()));
    }
    return blobs;
  }

  private void finish() {
    restore.finish().map(BackupApi::restored).onComplete(call::end, call::fail);
  }
}
