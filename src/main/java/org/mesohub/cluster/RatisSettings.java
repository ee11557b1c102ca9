package org.mesohub.cluster;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.ratis.conf.RaftProperties;
import org.apache.ratis.server.RaftServerConfigKeys;
import org.apache.ratis.server.RaftServerConfigKeys.Log;
import org.apache.ratis.server.RaftServerConfigKeys.Rpc;
import org.apache.ratis.server.RaftServerConfigKeys.Snapshot;
import org.apache.ratis.util.SizeInBytes;
import org.apache.ratis.util.TimeDuration;

/** How Ratis is set up. The reasons and the figures are in docs/design/003-replicated-log.md. */
final class RatisSettings {
  /** Room for Ratis' own fields around a batch frame. */
  private static final int ENVELOPE_BYTES = 48 << 10;

  /**
   * Largest Raft entry. Ratis also refuses to <em>read</em> larger ones, so this may grow but never
   * shrink.
   */
  static final int RAFT_ENTRY_BYTES_MAX = BatchFrame.BYTES_MAX + ENVELOPE_BYTES;

  /** One entry with its length and checksum. */
  private static final int WRITE_BUFFER_BYTES = RAFT_ENTRY_BYTES_MAX + (16 << 10);

  private static final String SEGMENT_SIZE = "4MB";

  /** Zeros written ahead of the data in a segment; larger steps multiply what reaches the disk. */
  private static final String PREALLOCATED_SIZE = "64KB";

  /** The state machine reads what was just appended: two segments are enough. */
  private static final int CACHED_SEGMENTS = 2;

  private static final String CACHED_BYTES = "8MB";
  private static final int SNAPSHOTS_KEPT = 2;

  /** One frame of the bus holds a chunk with what is around it. */
  private static final String SNAPSHOT_CHUNK_SIZE = "224KB";

  /** Ratis remembers answers this long; repeats are told apart by the state machine, not here. */
  private static final int RETRY_CACHE_SECONDS = 2;

  /** A sole voter has nobody to wait for: it stands for election at once. */
  private static final Duration ALONE_FIRST_ELECTION_MIN = Duration.ofMillis(1);

  private static final Duration ALONE_FIRST_ELECTION_MAX = Duration.ofMillis(5);

  /**
   * A node that was paused (suspended machine) goes on afterwards: it does not shut down, and as a
   * sole voter, who has nobody to hand over to, it does not step down. Ratis counts in int ms.
   */
  private static final TimeDuration NEVER = TimeDuration.valueOf(20, TimeUnit.DAYS);

  private RatisSettings() {}

  static RaftProperties of(RaftConfig config) {
    RaftProperties p = new RaftProperties();
    p.set("raft.rpc.type", config.rpc().type().getName());
    RaftServerConfigKeys.setStorageDir(p, List.of(config.raftFolder().toFile()));
    RaftServerConfigKeys.setRemovedGroupsDir(
        p, config.raftFolder().resolve("removed-groups").toFile());
    RaftServerConfigKeys.RetryCache.setExpiryTime(
        p, TimeDuration.valueOf(RETRY_CACHE_SECONDS, TimeUnit.SECONDS));
    log(p);
    snapshots(p, config.snapshots());
    elections(p, config);
    return p;
  }

  private static void log(RaftProperties p) {
    Log.setLogMetadataEnabled(p, false);
    Log.setUnsafeFlushEnabled(p, false);
    Log.setAsyncFlushEnabled(p, false);
    Log.setPreallocatedSize(p, SizeInBytes.valueOf(PREALLOCATED_SIZE));
    Log.setSegmentSizeMax(p, SizeInBytes.valueOf(SEGMENT_SIZE));
    Log.setSegmentCacheNumMax(p, CACHED_SEGMENTS);
    Log.setSegmentCacheSizeMax(p, SizeInBytes.valueOf(CACHED_BYTES));
    Log.setWriteBufferSize(p, SizeInBytes.valueOf(WRITE_BUFFER_BYTES));
    Log.Appender.setBufferByteLimit(p, SizeInBytes.valueOf(RAFT_ENTRY_BYTES_MAX));
    Log.Appender.setSnapshotChunkSizeMax(p, SizeInBytes.valueOf(SNAPSHOT_CHUNK_SIZE));
    Log.Appender.setWaitTimeMin(p, TimeDuration.ZERO);
    Log.setPurgeUptoSnapshotIndex(p, true);
    Log.setPurgeGap(p, 1);
    // A damaged entry is refused at start: going on without it would lose acknowledged data
    // silently.
    Log.setCorruptionPolicy(p, Log.CorruptionPolicy.EXCEPTION);
  }

  private static void snapshots(RaftProperties p, RaftConfig.Snapshots snapshots) {
    Snapshot.setAutoTriggerEnabled(p, true);
    Snapshot.setAutoTriggerThreshold(p, snapshots.everyEntries());
    Snapshot.setTriggerWhenStopEnabled(p, snapshots.whenStopping());
    Snapshot.setRetentionFileNum(p, SNAPSHOTS_KEPT);
  }

  private static void elections(RaftProperties p, RaftConfig config) {
    Rpc.setTimeoutMin(p, millis(config.election().timeoutMin()));
    Rpc.setTimeoutMax(p, millis(config.election().timeoutMax()));
    RaftServerConfigKeys.setCloseThreshold(p, NEVER);
    if (config.isAlone()) {
      Rpc.setFirstElectionTimeoutMin(p, millis(ALONE_FIRST_ELECTION_MIN));
      Rpc.setFirstElectionTimeoutMax(p, millis(ALONE_FIRST_ELECTION_MAX));
      RaftServerConfigKeys.LeaderElection.setLeaderStepDownWaitTime(p, NEVER);
    } else { // nobody leads yet who could be disturbed, however patient this group is
      Rpc.setFirstElectionTimeoutMin(p, millis(RaftConfig.Election.DEFAULT.timeoutMin()));
      Rpc.setFirstElectionTimeoutMax(p, millis(RaftConfig.Election.DEFAULT.timeoutMax()));
    }
  }

  private static TimeDuration millis(Duration duration) {
    return TimeDuration.valueOf(duration.toMillis(), TimeUnit.MILLISECONDS);
  }
}
