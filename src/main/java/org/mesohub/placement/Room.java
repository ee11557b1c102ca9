package org.mesohub.placement;

import java.util.Optional;

/**
 * When a node is full, and when it has room again: two different marks, so that a node at its limit
 * does not change its mind with every chunk. Immutable; {@link #after} gives the next one.
 *
 * <pre>
 *   used:    0 ────────── freed mark ──── full mark = capacity − reserve ──── capacity
 *                 room again below          full from here
 * </pre>
 *
 * @param capacityBytes what the node may take of its disk; {@link Long#MAX_VALUE}: all of it
 * @param full whether nothing more is stored
 * @param why the limit that was met; empty while there is room
 */
public record Room(long capacityBytes, boolean full, String why) {
  /** Kept back for the log, compaction and what is under way: this share of the whole. */
  private static final int RESERVE_SHARE = 20;

  /** Largest reserve, bytes. */
  private static final long RESERVE_BYTES_MAX = 512L << 20;

  /** Smallest reserve, bytes: a few of the largest log entries. */
  private static final long RESERVE_BYTES_MIN = 16L << 20;

  /** A full node has room again when a quarter of the reserve more is free. */
  private static final int HYSTERESIS_SHARE = 4;

  /** A node with room, as it starts. */
  public static Room of(long capacityBytes) {
    return new Room(capacityBytes, false, "");
  }

  /**
   * What a measurement makes of it.
   *
   * @param usedBytes what the node takes of its disk
   * @param diskFreeBytes what the disk has left for it
   * @param diskBytes size of the disk
   */
  public Room after(long usedBytes, long diskFreeBytes, long diskBytes) {
    long reserve = reserve(capacityBytes);
    long diskReserve = reserve(diskBytes);
    long more = full ? reserve / HYSTERESIS_SHARE : 0;
    long diskMore = full ? diskReserve / HYSTERESIS_SHARE : 0;
    if (usedBytes > capacityBytes - reserve - more) {
      return new Room(
          capacityBytes,
          true,
          "the node takes %s of the %s that capacity allows it, of which it keeps %s back"
              .formatted(mib(usedBytes), mib(capacityBytes), mib(reserve)));
    }
    if (diskFreeBytes < diskReserve + diskMore) {
      return new Room(
          capacityBytes,
          true,
          "the node's disk has %s left, of which it keeps %s back"
              .formatted(mib(diskFreeBytes), mib(diskReserve)));
    }
    return of(capacityBytes);
  }

  /** The limit met; empty while there is room. */
  public Optional<String> shortage() {
    return full ? Optional.of(why) : Optional.empty();
  }

  private static long reserve(long bytes) {
    return Math.min(RESERVE_BYTES_MAX, Math.max(RESERVE_BYTES_MIN, bytes / RESERVE_SHARE));
  }

  private static String mib(long bytes) {
    return (bytes >> 20) + " MiB";
  }
}
