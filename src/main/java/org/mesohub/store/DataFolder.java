package org.mesohub.store;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The folder of the embedded engine: one process at a time, one known format.
 *
 * <p>Holds {@code LOCK} (locked while open), {@code FORMAT} (one line, {@code mesohub-store 1}) and
 * the data file.
 */
final class DataFolder implements AutoCloseable {
  /** Version of the layout of this folder and of the data file. */
  static final int FORMAT = 1;

  private static final String MAGIC = "mesohub-store";
  private static final String FORMAT_FILE = "FORMAT";
  private static final String LOCK_FILE = "LOCK";
  private static final String DATA_FILE = "store.mv";

  private final Path folder;
  private final FileChannel lockChannel;

  private DataFolder(Path folder, FileChannel lockChannel) {
    this.folder = folder;
    this.lockChannel = lockChannel;
  }

  /**
   * Locks the folder, made when absent; refuses one in use, of a newer format or of another
   * program.
   */
  static DataFolder open(Path folder) {
    try {
      Files.createDirectories(folder);
      FileChannel channel =
          FileChannel.open(
              folder.resolve(LOCK_FILE), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      try {
        lock(channel, folder);
        checkFormat(folder);
        return new DataFolder(folder, channel);
      } catch (IOException | RuntimeException e) {
        channel.close();
        throw e;
      }
    } catch (IOException e) {
      throw new StoreException(
          StoreException.Reason.UNAVAILABLE,
          "cannot open the data folder "
              + folder
              + ": "
              + e
              + ". Check that it exists on a writable disk and belongs to this user.",
          e);
    }
  }

  Path dataFile() {
    return folder.resolve(DATA_FILE);
  }

  /** Makes the names in the folder durable, once the data file exists. */
  void syncNames() {
    try (FileChannel directory = FileChannel.open(folder, StandardOpenOption.READ)) {
      directory.force(true);
    } catch (IOException e) {
      throw new StoreException(
          StoreException.Reason.UNAVAILABLE,
          "cannot sync the data folder " + folder + ": " + e + ". Check the disk.",
          e);
    }
  }

  @Override
  public void close() {
    try {
      lockChannel.close();
    } catch (IOException e) {
      throw new StoreException(
          StoreException.Reason.UNAVAILABLE, "cannot release the lock of " + folder + ": " + e, e);
    }
  }

  private static void lock(FileChannel channel, Path folder) throws IOException {
    @Nullable FileLock lock;
    try {
      lock = channel.tryLock();
    } catch (OverlappingFileLockException e) {
      lock = null;
    }
    if (lock == null) {
      throw new StoreException(
          StoreException.Reason.UNAVAILABLE,
          "the data folder "
              + folder
              + " is in use by another process. Stop that node, or give this one a folder of its own.",
          null);
    }
  }

  private static void checkFormat(Path folder) throws IOException {
    Path file = folder.resolve(FORMAT_FILE);
    if (!Files.exists(file)) {
      if (!isFresh(folder)) {
        throw new StoreException(
            StoreException.Reason.FOREIGN,
            "the data folder "
                + folder
                + " holds files of something else (no "
                + FORMAT_FILE
                + " file). Choose an empty folder.",
            null);
      }
      Path draft = folder.resolve(FORMAT_FILE + ".new");
      Files.writeString(
          draft,
          MAGIC + " " + FORMAT + "\n",
          StandardOpenOption.CREATE,
          StandardOpenOption.TRUNCATE_EXISTING,
          StandardOpenOption.WRITE,
          StandardOpenOption.SYNC);
      Files.move(draft, file);
      return;
    }
    String found = Files.readString(file).strip();
    if (!found.matches(MAGIC + " [0-9]{1,6}")) {
      throw new StoreException(
          StoreException.Reason.FOREIGN,
          "the data folder " + folder + " is not one of Mesohub's. Choose another folder.",
          null);
    }
    int format = Integer.parseInt(found.substring(MAGIC.length() + 1));
    if (format > FORMAT) {
      throw new StoreException(
          StoreException.Reason.FOREIGN,
          "the data folder "
              + folder
              + " has format "
              + format
              + ", this release reads up to "
              + FORMAT
              + ". Start the newer release that wrote it.",
          null);
    }
  }

  private static boolean isFresh(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .map(path -> path.getFileName().toString())
          .allMatch(name -> name.equals(LOCK_FILE) || name.equals(FORMAT_FILE + ".new"));
    }
  }
}
