package org.mesohub.store;

import io.vertx.core.Future;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Rejected input rows, kept for inspection. Same threading and failures as {@link ChunkStore}. */
public interface RejectStore {
  /** Rejects kept in all; the oldest go first. */
  int KEPT_MAX = 100_000;

  /**
   * A row that was not stored.
   *
   * @param put id of the put, 26 characters, ascending with time
   * @param source what the client named as its source
   * @param line 1-based line (or record) number in the source
   * @param reason why, in words for the sender
   * @param text the row, cut to 512 characters
   * @param timeMicros when it was rejected
   */
  record Rejected(
      String put, String source, long line, String reason, String text, long timeMicros) {}

  Future<Void> add(List<Rejected> rejects);

  /**
   * Newest puts first, lines ascending within a put; of one put when given; at most {@code limit}.
   */
  Future<List<Rejected>> find(@Nullable String put, int limit);
}
