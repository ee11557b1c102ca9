package org.mesohub.node;

import java.util.function.LongSupplier;
import java.util.function.UnaryOperator;
import org.mesohub.cluster.ReplicatedLog;
import org.mesohub.store.ChunkStore;

/**
 * What a node stands on: the time, and how it sees the two things that must survive it.
 *
 * @param clockMicros wall clock, microseconds since 1970
 * @param chunks the store as the node uses it, given the one it opened
 * @param log the log as the node uses it, given the one it opened
 */
record Surroundings(
    LongSupplier clockMicros, UnaryOperator<ChunkStore> chunks, UnaryOperator<ReplicatedLog> log) {

  /** The store and the log as they are. */
  static Surroundings of(LongSupplier clockMicros) {
    return new Surroundings(clockMicros, UnaryOperator.identity(), UnaryOperator.identity());
  }
}
