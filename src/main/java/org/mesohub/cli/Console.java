package org.mesohub.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * Where a command reads and writes.
 *
 * @param out raw standard output; a write fails when the reader has gone
 * @param outTerminal whether a person reads standard output
 * @param errTerminal whether a person reads standard error
 * @param environment variables
 */
public record Console(
    InputStream in,
    OutputStream out,
    PrintStream err,
    boolean inTerminal,
    boolean outTerminal,
    boolean errTerminal,
    Map<String, String> environment) {

  /** The console of this process. */
  public static Console system() {
    return new Console(
        System.in,
        new FileOutputStream(FileDescriptor.out),
        System.err,
        isTerminal(0),
        isTerminal(1),
        isTerminal(2),
        System.getenv());
  }

  /** Java tells only about input and output together; Linux tells about each. */
  private static boolean isTerminal(int descriptor) {
    Path link = Path.of("/proc/self/fd/" + descriptor);
    try {
      String target = Files.readSymbolicLink(link).toString();
      return target.startsWith("/dev/pts/")
          || target.startsWith("/dev/tty")
          || target.equals("/dev/console");
    } catch (IOException | UnsupportedOperationException e) {
      return System.console() != null;
    }
  }

  /** Writes a line to standard output. */
  void line(String text) {
    print(text + "\n");
  }

  /** Writes text to standard output. */
  void print(String text) {
    try {
      out.write(text.getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new BrokenPipe(e);
    }
  }

  /** Writes a message for people to standard error. */
  void message(String text) {
    err.println("mesohub: " + text);
    err.flush();
  }

  /** Nobody reads standard output any more: the command ends without a word. */
  static final class BrokenPipe extends RuntimeException {
    private static final long serialVersionUID = 1;

    BrokenPipe(IOException cause) {
      super(cause);
    }
  }
}
