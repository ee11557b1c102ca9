package org.mesohub.store;

import java.io.File;
import java.nio.file.Path;

/**
 * Room on the disk of a path. Asked of the file system itself ({@code statvfs}), not by way of the
 * table of mounts: in a chroot or a container that may lack the mount of its own root.
 *
 * @param usableBytes what this process may still write; {@link Long#MAX_VALUE} when nobody can tell
 * @param totalBytes size of the disk; {@link Long#MAX_VALUE} when nobody can tell
 */
public record DiskSpace(long usableBytes, long totalBytes) {
  /** When nobody can tell: the next write will. */
  public static final DiskSpace UNKNOWN = new DiskSpace(Long.MAX_VALUE, Long.MAX_VALUE);

  /** Room for files at or below a path that exists; never fails. */
  public static DiskSpace of(Path path) {
    File file = path.toFile();
    long total = file.getTotalSpace();
    return total == 0 ? UNKNOWN : new DiskSpace(file.getUsableSpace(), total);
  }

  public boolean isKnown() {
    return totalBytes != Long.MAX_VALUE;
  }
}
