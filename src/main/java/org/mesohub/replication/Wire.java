package org.mesohub.replication;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import java.util.Collection;
import java.util.List;
import org.mesohub.proto.internal.v1.StoredChunk;
import org.mesohub.segment.ChunkId;
import org.mesohub.store.ChunkStore.Blob;

/** Chunks and ids as messages. Bytes are shared, not copied: nobody changes them. */
final class Wire {
  private Wire() {}

  static ByteString id(ChunkId id) {
    return UnsafeByteOperations.unsafeWrap(id.hash());
  }

  static List<ByteString> ids(Collection<ChunkId> ids) {
    return ids.stream().map(Wire::id).toList();
  }

  static ChunkId id(ByteString hash) {
    return ChunkId.ofHash(hash.toByteArray());
  }

  static List<ChunkId> ids(List<ByteString> hashes) {
    if (hashes.size() > ReplicationLimits.IDS_MAX) {
      throw new IllegalArgumentException(
          hashes.size() + " ids in one message, at most " + ReplicationLimits.IDS_MAX);
    }
    return hashes.stream().map(Wire::id).toList();
  }

  static StoredChunk chunk(Blob chunk) {
    return StoredChunk.newBuilder()
        .setId(id(chunk.id()))
        .setContent(UnsafeByteOperations.unsafeWrap(chunk.bytes()))
        .build();
  }

  /** Chunks of one message, each of which has the content it is named after. */
  static List<Blob> chunks(List<StoredChunk> chunks) {
    long bytes = chunks.stream().mapToLong(chunk -> chunk.getContent().size()).sum();
    if (bytes > ReplicationLimits.BATCH_BYTES_MAX
        || chunks.size() > ReplicationLimits.BATCH_COUNT_MAX) {
      throw new IllegalArgumentException(
          "%d chunks with %d bytes in one message, at most %d and %d"
              .formatted(
                  chunks.size(),
                  bytes,
                  ReplicationLimits.BATCH_COUNT_MAX,
                  ReplicationLimits.BATCH_BYTES_MAX));
    }
    return chunks.stream().map(Wire::verified).toList();
  }

  private static Blob verified(StoredChunk chunk) {
    Blob blob = new Blob(id(chunk.getId()), chunk.getContent().toByteArray());
    if (!ChunkId.of(blob.bytes()).equals(blob.id())) {
      throw new IllegalArgumentException(
          "chunk " + blob.id() + " came with other content than it is named after");
    }
    return blob;
  }
}
