package org.mesohub.cli;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.mesohub.segment.ChunkId;

/**
 * A backup in a folder:
 *
 * <pre>
 *   BACKUP              what it is of, and the names of the next two; written last
 *   catalogue-SHA256    the catalogue
 *   list-SHA256         every chunk that it names: id, space, bytes; in order of id
 *   chunks/ab/abcd…     chunks by their SHA-256, of this backup and perhaps of older ones
 * </pre>
 *
 * <p>Every file is written aside, synced, and then given its name. A backup that was cut off leaves
 * the one before it as it was. Chunks may be written by several threads at once.
 */
final class BackupFolder implements AutoCloseable {
  static final String LABEL = "BACKUP";
  private static final String LOCK = ".lock";
  private static final String CATALOGUE = "catalogue-";
  private static final String LIST = "list-";
  private static final String CHUNKS = "chunks";
  private static final String PART = ".part";

  private final Path folder;
  private final FileChannel lock;

  private BackupFolder(Path folder, FileChannel lock) {
    this.folder = folder;
    this.lock = lock;
  }

  /**
   * A folder to be written to by this process alone; made when absent.
   *
   * @throws CliException when another process writes to it
   */
  static BackupFolder toWrite(Path folder) throws IOException {
    Files.createDirectories(folder.resolve(CHUNKS));
    return locked(
        folder,
        FileChannel.open(
            folder.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE));
  }

  private static BackupFolder locked(Path folder, FileChannel channel) throws IOException {
    FileLock lock;
    try {
      lock = channel.tryLock();
    } catch (OverlappingFileLockException e) {
      lock = null;
    }
    if (lock == null) {
      channel.close();
      throw CliException.usage("another backup is being made into " + folder);
    }
    return new BackupFolder(folder, channel);
  }

  /** What the folder is a backup of. */
  static BackupLabel label(Path folder) throws IOException {
    try {
      return BackupLabel.parse(Files.readString(folder.resolve(LABEL)));
    } catch (NoSuchFileException e) {
      throw CliException.usage(
          folder + " holds no whole backup: it has no file " + LABEL + ", which is written last");
    } catch (IllegalArgumentException e) {
      throw CliException.usage(folder.resolve(LABEL) + ": " + e.getMessage());
    }
  }

  static Path catalogue(Path folder, BackupLabel label) {
    return folder.resolve(CATALOGUE + label.catalogue());
  }

  static Path list(Path folder, BackupLabel label) {
    return folder.resolve(LIST + label.list());
  }

  static Path chunk(Path folder, ChunkId id) {
    String hex = id.hex();
    return folder.resolve(CHUNKS).resolve(hex.substring(0, 2)).resolve(hex);
  }

  /** Bytes by chunk, as a list says. */
  static Map<ChunkId, Long> parseList(String text) {
    Map<ChunkId, Long> sizes = new LinkedHashMap<>();
    text.lines()
        .forEach(
            line -> {
              int space = line.indexOf(' ');
              sizes.put(
                  ChunkId.ofHex(line.substring(0, space)),
                  Long.parseLong(line.substring(space + 1)));
            });
    return sizes;
  }

  /** Writes the catalogue; durable with {@link #finish}. */
  void writeCatalogue(byte[] catalogue) throws IOException {
    write(folder.resolve(CATALOGUE + ChunkId.of(catalogue)), catalogue);
  }

  /** Writes a chunk, in place of one that is damaged; durable with {@link #finish}. */
  void writeChunk(ChunkId id, byte[] bytes) throws IOException {
    Path file = chunk(folder, id);
    Files.createDirectories(file.getParent());
    write(file, bytes);
  }

  /** Writes the list of chunks; gives its SHA-256. */
  ChunkId writeList(Map<ChunkId, Long> sizes) throws IOException {
    var text = new StringBuilder();
    new TreeMap<>(sizes)
        .forEach((id, bytes) -> text.append(id).append(' ').append(bytes).append('\n'));
    byte[] list = text.toString().getBytes(StandardCharsets.US_ASCII);
    ChunkId id = ChunkId.of(list);
    write(folder.resolve(LIST + id), list);
    return id;
  }

  /** Makes what was written the backup of the folder; the catalogue and list before it go. */
  void finish(BackupLabel label) throws IOException {
    try (DirectoryStream<Path> chunkFolders = Files.newDirectoryStream(folder.resolve(CHUNKS))) {
      for (Path each : chunkFolders) {
        sync(each);
      }
    }
    sync(folder.resolve(CHUNKS));
    sync(folder);
    write(folder.resolve(LABEL), label.text().getBytes(StandardCharsets.UTF_8));
    sync(folder);
    Set<String> kept = Set.of(CATALOGUE + label.catalogue(), LIST + label.list());
    remove(folder, name -> isOurs(name) && !kept.contains(name));
  }

  private static boolean isOurs(String name) {
    return name.startsWith(CATALOGUE) || name.startsWith(LIST);
  }

  /** Removes chunks that a backup does not name; gives how many. */
  long prune(Set<ChunkId> named) throws IOException {
    long removed = 0;
    try (DirectoryStream<Path> chunkFolders = Files.newDirectoryStream(folder.resolve(CHUNKS))) {
      for (Path each : chunkFolders) {
        removed += remove(each, name -> name.endsWith(PART) || !isNamed(name, named));
      }
    }
    return removed;
  }

  /** Files that are no chunks stay. */
  private static boolean isNamed(String name, Set<ChunkId> named) {
    return !name.matches("[0-9a-f]{64}") || named.contains(ChunkId.ofHex(name));
  }

  private static long remove(Path folder, Predicate<String> which) throws IOException {
    long removed = 0;
    try (DirectoryStream<Path> files =
        Files.newDirectoryStream(folder, file -> which.test(file.getFileName().toString()))) {
      for (Path file : files) {
        Files.delete(file);
        removed++;
      }
    }
    return removed;
  }

  private static void write(Path file, byte[] bytes) throws IOException {
    Path part = file.resolveSibling(file.getFileName() + PART);
    try (FileChannel out =
        FileChannel.open(
            part,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE)) {
      ByteBuffer left = ByteBuffer.wrap(bytes);
      while (left.hasRemaining()) {
        out.write(left);
      }
      out.force(true);
    }
    Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
  }

  private static void sync(Path folder) throws IOException {
    try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  @Override
  public void close() throws IOException {
    lock.close();
  }
}
