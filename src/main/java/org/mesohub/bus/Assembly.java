package org.mesohub.bus;

import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Puts the pieces of one peer's messages together again. Only the newest message is kept, because a
 * peer sends one large message at a time and gives up an older one before. Pieces may come twice
 * and in any order. Not safe for threads.
 */
final class Assembly {
  private long boot;
  private long requestId = -1;
  private @Nullable Frame[] pieces = {};
  private int missing;

  /** The whole message, once its last missing piece has come; once only. */
  Optional<byte[]> add(Frame frame) {
    if (frame.pieces() == 1) {
      return Optional.of(frame.payload().getBytes());
    }
    if (frame.boot() != boot || frame.requestId() > requestId) {
      boot = frame.boot();
      requestId = frame.requestId();
      pieces = new Frame[frame.pieces()];
      missing = pieces.length;
    }
    if (frame.requestId() != requestId
        || frame.pieces() != pieces.length
        || pieces[frame.piece()] != null) {
      return Optional.empty();
    }
    pieces[frame.piece()] = frame;
    missing--;
    return missing > 0 ? Optional.empty() : Optional.of(join());
  }

  private byte[] join() {
    byte[] message = new byte[Arrays.stream(pieces).mapToInt(Assembly::length).sum()];
    int at = 0;
    for (Frame piece : pieces) {
      if (piece != null) {
        piece.payload().getBytes(message, at);
        at += piece.payload().length();
      }
    }
    Arrays.fill(pieces, pieces[0]); // a repeated piece is still known as such
    return message;
  }

  private static int length(@Nullable Frame piece) {
    return piece == null ? 0 : piece.payload().length();
  }
}
