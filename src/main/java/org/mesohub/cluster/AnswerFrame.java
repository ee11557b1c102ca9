package org.mesohub.cluster;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.List;
import org.mesohub.cluster.BatchFrame.FramedList;

/**
 * The answers to one {@link BatchFrame}, one per entry in its order. Crosses between nodes, is
 * never stored.
 *
 * <p>Layout, big endian: format version (1 byte), number of answers (4), then per answer its length
 * (4) and bytes.
 */
record AnswerFrame(List<byte[]> answers) {
  static final int FORMAT = 1;

  ByteBuffer encode() {
    ByteBuffer out = ByteBuffer.allocate(1 + Integer.BYTES + FramedList.encodedBytes(answers));
    out.put((byte) FORMAT).putInt(answers.size());
    FramedList.put(answers, out);
    return out.flip();
  }

  /** Fails with IllegalStateException for an unknown format version or a damaged frame. */
  static AnswerFrame decode(ByteBuffer in) {
    try {
      int format = in.get();
      if (format != FORMAT) {
        throw new IllegalStateException(
            "an answer of the log has format %d, this program reads format %d: run the same version on all nodes"
                .formatted(format, FORMAT));
      }
      return new AnswerFrame(FramedList.get(in.getInt(), in));
    } catch (BufferUnderflowException e) {
      throw new IllegalStateException("an answer of the log is cut short", e);
    }
  }
}
