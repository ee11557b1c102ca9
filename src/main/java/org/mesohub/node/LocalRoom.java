package org.mesohub.node;

import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.mesohub.placement.Room;
import org.mesohub.store.DiskSpace;

/**
 * Room in the data folder and on its disk, measured anew when it is asked for and the last
 * measurement is older than half a second. Thread-safe.
 */
final class LocalRoom {
  private static final long KEPT_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

  private final Path folder;
  private Room room;
  private long usedBytes;
  private long diskFreeBytes = -1;
  private long measuredNanos;
  private boolean measured;

  /**
   * @param capacityBytes what the node may take of its disk
   */
  LocalRoom(Path folder, long capacityBytes) {
    this.folder = folder;
    this.room = Room.of(capacityBytes);
  }

  /** May block for as long as the folder's files take to be listed. */
  synchronized Room now() {
    long now = System.nanoTime();
    if (!measured || now - measuredNanos > KEPT_NANOS) {
      measured = true;
      measuredNanos = now;
      usedBytes = FolderSize.bytes(folder);
      DiskSpace disk = DiskSpace.of(folder);
      diskFreeBytes = disk.isKnown() ? disk.usableBytes() : -1;
      room = room.after(usedBytes, disk.usableBytes(), disk.totalBytes());
    }
    return room;
  }

  /** What the disk has left, bytes; -1 when nobody can tell. */
  synchronized long diskFreeBytes() {
    now();
    return diskFreeBytes;
  }

  /** What the folder takes, bytes. */
  synchronized long usedBytes() {
    now();
    return usedBytes;
  }
}
