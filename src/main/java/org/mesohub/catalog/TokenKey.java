package org.mesohub.catalog;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.mesohub.segment.ChunkId;

/**
 * A token without its content, ascending by client, then sequence.
 *
 * @param high first eight bytes of the SHA-256 of the client's name
 * @param low the eight bytes after them
 */
record TokenKey(long high, long low, long sequence) implements Comparable<TokenKey> {
  /** Bytes of a hash that are kept: two different texts never share them in practice. */
  static final int HASH_BYTES = 16;

  static TokenKey of(String client, long sequence) {
    return of(ChunkId.of(client.getBytes(StandardCharsets.UTF_8)).hash(), sequence);
  }

  static TokenKey of(byte[] clientHash, long sequence) {
    ByteBuffer hash = ByteBuffer.wrap(clientHash);
    return new TokenKey(hash.getLong(), hash.getLong(), sequence);
  }

  byte[] clientHash() {
    return ByteBuffer.allocate(HASH_BYTES).putLong(high).putLong(low).array();
  }

  boolean isSameClient(TokenKey other) {
    return high == other.high && low == other.low;
  }

  @Override
  public int compareTo(TokenKey other) {
    int byHigh = Long.compare(high, other.high);
    int byLow = byHigh != 0 ? byHigh : Long.compare(low, other.low);
    return byLow != 0 ? byLow : Long.compare(sequence, other.sequence);
  }
}
