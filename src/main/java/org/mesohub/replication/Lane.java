package org.mesohub.replication;

import io.vertx.core.Future;
import java.util.function.Supplier;

/**
 * The way to one member.
 *
 * @param replica what it stores
 * @param puts bytes of puts that may be under way
 * @param reads bytes of reads that may be under way
 */
record Lane(Replica replica, Budget puts, Budget reads) {
  /** Reads under way to one member, each of which may bring a chunk of any size. */
  private static final int READS_MAX = 16;

  static Lane to(Replica replica, ReplicationLimits limits) {
    return new Lane(
        replica,
        new Budget(limits.inFlightBytes()),
        new Budget((long) READS_MAX * ReplicationLimits.CHUNK_BYTES_MAX));
  }

  String id() {
    return replica.member().id();
  }

  /** A future that is there whatever the call does. */
  static <T> Future<T> attempt(Supplier<Future<T>> call) {
    try {
      return call.get();
    } catch (RuntimeException e) {
      return Future.failedFuture(e);
    }
  }
}
