package org.mesohub.api;

import io.vertx.core.Future;
import org.mesohub.observation.ObservationBatch;

/**
 * One put in progress. Used by one context; at most one of {@link #bytes}, {@link #message} and
 * {@link #batch} may be in flight: the next is called when the future of the one before has
 * completed (that is the back-pressure). Failures are {@link ApiException}s.
 */
public interface PutSession {
  /**
   * The next bytes of a file, in order, cut anywhere.
   *
   * @param data the put's from now on: nobody may change it
   */
  Future<Void> bytes(byte[] data, int from, int length);

  /** One message of the 2018 contract: whole rows, standing alone. */
  Future<Void> message(byte[] data);

  /** The next rows. */
  Future<Void> batch(ObservationBatch rows);

  /** Commits; succeeds when every accepted row is durable and visible. */
  Future<PutOutcome> finish();

  /** Forgets everything; nothing was stored. Idempotent; without effect after {@link #finish}. */
  void cancel();
}
