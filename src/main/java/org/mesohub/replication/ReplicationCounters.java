package org.mesohub.replication;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/**
 * What replication has done since the node started.
 *
 * @param replicated chunks put that all their replicas have
 * @param underReplicated chunks put that some of their replicas lack, left to repair
 * @param readRepairs chunks stored here again because a read found them missing or corrupt
 * @param remoteReads chunks that another member had to give
 * @param failures calls that failed, by member; what a member rightly does not have is no failure
 */
public record ReplicationCounters(
    LongAdder replicated,
    LongAdder underReplicated,
    LongAdder readRepairs,
    LongAdder remoteReads,
    Map<String, LongAdder> failures) {
  public ReplicationCounters() {
    this(
        new LongAdder(),
        new LongAdder(),
        new LongAdder(),
        new LongAdder(),
        new ConcurrentHashMap<>());
  }

  void failed(String member) {
    failures.computeIfAbsent(member, id -> new LongAdder()).increment();
  }
}
