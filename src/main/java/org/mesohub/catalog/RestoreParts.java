package org.mesohub.catalog;

import com.google.protobuf.ByteString;
import org.mesohub.segment.ChunkId;
import org.pcollections.PVector;
import org.pcollections.TreePVector;

/**
 * What has come of a snapshot that is to be restored. Immutable.
 *
 * @param id SHA-256 of the whole snapshot
 * @param count pieces that make it whole
 * @param parts the pieces that came, in order
 */
public record RestoreParts(ChunkId id, int count, PVector<ByteString> parts) {
  /** Nothing has come. */
  static final RestoreParts NONE =
      new RestoreParts(ChunkId.ofHash(new byte[ChunkId.BYTES]), 0, TreePVector.empty());

  boolean isNone() {
    return parts.isEmpty();
  }

  boolean isWhole() {
    return parts.size() == count;
  }

  long bytes() {
    return parts.stream().mapToLong(ByteString::size).sum();
  }

  /** Whether these are parts of a snapshot that is cut into so many. */
  boolean isOf(ChunkId snapshot, int pieces) {
    return id.equals(snapshot) && count == pieces;
  }

  RestoreParts plus(ByteString part) {
    return new RestoreParts(id, count, parts.plus(part));
  }

  /** All pieces in one, without a copy of them. */
  ByteString joined() {
    return ByteString.copyFrom(parts);
  }
}
