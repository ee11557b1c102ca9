package org.mesohub.segment;

/**
 * A chunk ready to be stored.
 *
 * @param bytes the encoded chunk, whose SHA-256 is {@code summary.id()}
 */
@SuppressWarnings("ArrayRecordComponent")
public record EncodedChunk(ChunkSummary summary, byte[] bytes) {}
