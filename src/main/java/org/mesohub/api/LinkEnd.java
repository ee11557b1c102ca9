package org.mesohub.api;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;

/**
 * One end of a connection that is carried over a call, as the other end sees it. Callable from any
 * thread.
 */
public interface LinkEnd {
  /**
   * Takes bytes, in the order of the calls; completes, on any thread, when more are welcome, and
   * fails when the end is gone. One call at a time.
   */
  Future<Void> write(Buffer bytes);

  /** Nothing more comes; idempotent. */
  void end();

  /** Nothing more comes, and nothing is waited for: the way there may be gone. */
  default void reset() {
    end();
  }

  /** Nothing is carried, for a reason; idempotent. */
  default void refuse(ApiException why) {
    end();
  }
}
