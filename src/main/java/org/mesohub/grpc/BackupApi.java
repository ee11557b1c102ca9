package org.mesohub.grpc;

import static org.mesohub.grpc.Invalid.invalid;

import com.google.protobuf.ByteString;
import io.vertx.core.Vertx;
import io.vertx.grpc.server.Service;
import org.mesohub.api.Backups;
import org.mesohub.api.NodeApi;
import org.mesohub.api.Right;
import org.mesohub.proto.v1.BackupHeader;
import org.mesohub.proto.v1.BackupServiceGrpcService;
import org.mesohub.proto.v1.RestoreResponse;
import org.mesohub.segment.ChunkId;

/** {@code mesohub.v1.BackupService}. */
final class BackupApi {
  /** Most bytes of a catalogue in one message. */
  static final int PIECE_BYTES_MAX = 1 << 20;

  /** Most chunks wanted, or sent, by one message. */
  static final int CHUNKS_MAX = 64;

  private BackupApi() {}

  static Service of(Vertx vertx, Admission admission, GrpcMetrics metrics, NodeApi node) {
    return new Methods(vertx, admission, metrics, BackupServiceGrpcService.SERVICE_DESCRIPTOR)
        .stream("Backup", Right.ADMIN, call -> BackupCall.handle(node, call)).stream(
                "Restore", Right.ADMIN, call -> RestoreCall.handle(node, call))
            .build();
  }

  static BackupHeader header(Backups.Header header) {
    return BackupHeader.newBuilder()
        .setFormat(header.format())
        .setCluster(header.cluster())
        .setCommit(header.commit())
        .setTimeUs(header.timeMicros())
        .setCatalogueBytes(header.catalogueBytes())
        .setChunks(header.chunks())
        .setBytes(header.bytes())
        .setCatalogueId(ByteString.copyFrom(header.catalogueId().hash()))
        .build();
  }

  static Backups.Header header(BackupHeader header) {
    return new Backups.Header(
        header.getFormat(),
        header.getCluster(),
        header.getCommit(),
        header.getTimeUs(),
        header.getCatalogueBytes(),
        header.getChunks(),
        header.getBytes(),
        id(header.getCatalogueId()));
  }

  static RestoreResponse restored(Backups.Restored restored) {
    return RestoreResponse.newBuilder()
        .setCommit(restored.commit())
        .setDays(restored.days())
        .setRows(restored.rows())
        .setChunks(restored.chunks())
        .setBytes(restored.bytes())
        .build();
  }

  static ChunkId id(ByteString hash) {
    if (hash.size() != ChunkId.BYTES) {
      throw invalid("an id has " + ChunkId.BYTES + " bytes, not " + hash.size());
    }
    return ChunkId.ofHash(hash.toByteArray());
  }
}
