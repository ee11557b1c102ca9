package org.mesohub.cli;

import io.vertx.core.Future;

/** A store that is measured with small puts and linearizable reads. Called on many event loops. */
interface SmallOps extends AutoCloseable {
  String name();

  /** Puts about 1 KB under a new key. */
  Future<?> put(int client);

  /** Reads what some put wrote. */
  Future<?> get(int client);

  /** Number of the node that leads, 0 when nobody does now. */
  int leader();

  /** kill -9; returns at once. */
  void kill(int node) throws Exception;

  /** Starts what was killed and waits until all is well. */
  void mend() throws Exception;

  /** One put through any node that lives, given up after half a second. */
  Future<?> tryPut();

  /** Resident memory of each node in KiB. */
  long[] residentKiB() throws Exception;

  @Override
  void close() throws Exception;
}
