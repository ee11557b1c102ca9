package org.mesohub.store;

import java.io.IOException;
import java.nio.channels.FileChannel;
import org.h2.store.fs.FilePath;
import org.h2.store.fs.FilePathWrapper;

/**
 * A file whose every write is on the disk when it returns.
 *
 * <p>The store reuses space that its last commit gave up. Were that commit only in the page cache,
 * power loss could keep the reuse and lose the commit. Synced writes keep the order, for the
 * commits of the store's background thread too, and cost less than a sync after each commit. Public
 * because the store makes instances by reflection.
 */
public final class SyncedFilePath extends FilePathWrapper {
  private static final String SCHEME = "synced";

  /** Name for the store of a file. */
  static String of(String file) {
    FilePath.register(new SyncedFilePath());
    return SCHEME + ":" + file;
  }

  @Override
  public FileChannel open(String mode) throws IOException {
    return super.open(mode.equals("rw") ? "rwd" : mode);
  }

  @Override
  public String getScheme() {
    return SCHEME;
  }
}
