package org.mesohub.segment;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

/** Name of a chunk: the SHA-256 of its bytes. */
public final class ChunkId implements Comparable<ChunkId> {
  /** Length of the hash in bytes. */
  public static final int BYTES = 32;

  private final byte[] hash;

  private ChunkId(byte[] hash) {
    this.hash = hash;
  }

  /** The id of some content. */
  public static ChunkId of(byte[] content) {
    return of(List.of(ByteBuffer.wrap(content)));
  }

  /** The id of content in pieces; moves their positions. */
  public static ChunkId of(List<ByteBuffer> content) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      content.forEach(digest::update);
      return new ChunkId(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /** An id from its 32 bytes. */
  public static ChunkId ofHash(byte[] hash) {
    if (hash.length != BYTES) {
      throw new IllegalArgumentException("a chunk id has 32 bytes, not " + hash.length);
    }
    return new ChunkId(hash.clone());
  }

  /** An id from its 64 hexadecimal digits. */
  public static ChunkId ofHex(String hex) {
    return ofHash(HexFormat.of().parseHex(hex));
  }

  /** The 32 bytes, a copy. */
  public byte[] hash() {
    return hash.clone();
  }

  /** 64 lower-case hexadecimal digits. */
  public String hex() {
    return HexFormat.of().formatHex(hash);
  }

  @Override
  public int compareTo(ChunkId other) {
    return Arrays.compareUnsigned(hash, other.hash);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ChunkId id && Arrays.equals(hash, id.hash);
  }

  @Override
  public int hashCode() {
    return (hash[0] & 0xff) | (hash[1] & 0xff) << 8 | (hash[2] & 0xff) << 16 | hash[3] << 24;
  }

  @Override
  public String toString() {
    return hex();
  }
}
