package org.mesohub.segment;

import java.util.List;

/**
 * What one commit added: runs, each a list of chunks in key order that do not overlap. Stored as a
 * chunk of its own kind, named by its content.
 *
 * @param runs in commit order; at least one, none empty
 */
public record Manifest(List<List<ChunkSummary>> runs) {
  /** The bytes to store; compact (zstd) and with a format version. */
  public byte[] encode() {
    return ManifestCodec.encode(this);
  }

  /** The manifest in some bytes. Throws {@link CorruptChunkException}. */
  public static Manifest decode(byte[] bytes) {
    return ManifestCodec.decode(bytes);
  }
}
