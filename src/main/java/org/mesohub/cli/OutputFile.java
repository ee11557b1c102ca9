package org.mesohub.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * A result file that appears under its name only when complete: written beside it as {@code
 * NAME.part-…}, renamed by {@link #commit}, removed otherwise, also when the process is
 * interrupted.
 */
final class OutputFile implements AutoCloseable {
  private final Path target;
  private final Path part;
  private final OutputStream out;
  private final Thread onExit;
  private boolean committed;

  private OutputFile(Path target, Path part, OutputStream out) {
    this.target = target;
    this.part = part;
    this.out = out;
    this.onExit = new Thread(this::discard, "discard-part");
    Runtime.getRuntime().addShutdownHook(onExit);
  }

  /**
   * @throws CliException when nothing can be written there
   */
  static OutputFile create(Path target) {
    if (Files.isDirectory(target)) {
      throw CliException.usage("-o " + target + ": is a folder; expected a file name");
    }
    Path part =
        target.resolveSibling(target.getFileName() + ".part-" + ProcessHandle.current().pid());
    try {
      return new OutputFile(target, part, Files.newOutputStream(part));
    } catch (IOException e) {
      throw CliException.usage("-o " + target + ": cannot be written: " + e);
    }
  }

  OutputStream stream() {
    return out;
  }

  /** Gives the file its name, replacing what was there. */
  void commit() throws IOException {
    out.close();
    try {
      Files.move(part, target, StandardCopyOption.ATOMIC_MOVE);
    } catch (AtomicMoveNotSupportedException e) {
      Files.move(part, target, StandardCopyOption.REPLACE_EXISTING);
    }
    committed = true;
  }

  private void discard() {
    try {
      Files.deleteIfExists(part);
    } catch (IOException e) {
      // The name says that it is a part; there is nobody left to tell.
    }
  }

  @Override
  public void close() throws IOException {
    try {
      Runtime.getRuntime().removeShutdownHook(onExit);
    } catch (IllegalStateException e) {
      // The process is ending: the hook does the rest.
    }
    if (!committed) {
      out.close();
      discard();
    }
  }
}
