package org.mesohub.cli;

import java.io.PrintStream;
import java.util.function.DoubleFunction;

/**
 * Repaints one line of progress on standard error while work goes on; silent where nobody looks.
 */
final class ProgressMeter implements AutoCloseable {
  private static final int REPAINT_MILLIS = 200;

  /** Erases from the cursor to the end of the line. */
  private static final String ERASE = "\r\u001b[K";

  private final PrintStream err;
  private final boolean visible;
  private final DoubleFunction<String> line;
  private final long startNanos = System.nanoTime();
  private final Thread painter;

  /** Takes the line away when the process is interrupted, so that the prompt gets a clean one. */
  private final Thread onExit;

  private boolean painted;
  private volatile boolean done;

  /**
   * @param line text by seconds since the start; called from another thread
   */
  ProgressMeter(Console console, boolean wanted, DoubleFunction<String> line) {
    this.err = console.err();
    this.visible = wanted && console.errTerminal();
    this.line = line;
    this.painter = new Thread(this::paint, "progress");
    painter.setDaemon(true);
    this.onExit = new Thread(this::stop, "progress-end");
    if (visible) {
      Runtime.getRuntime().addShutdownHook(onExit);
      painter.start();
    }
  }

  private void paint() {
    try {
      while (!done) {
        Thread.sleep(REPAINT_MILLIS);
        synchronized (this) {
          if (!done) {
            err.print(ERASE + line.apply(seconds()));
            err.flush();
            painted = true;
          }
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Whether somebody looks. */
  boolean isVisible() {
    return visible;
  }

  double seconds() {
    return (System.nanoTime() - startNanos) / 1e9;
  }

  /** Runs something that prints, with the line out of the way. */
  synchronized void aside(Runnable print) {
    if (painted) {
      err.print(ERASE);
      err.flush();
      painted = false;
    }
    print.run();
  }

  private void stop() {
    done = true;
    aside(() -> {});
  }

  @Override
  public void close() {
    stop();
    if (visible) {
      try {
        Runtime.getRuntime().removeShutdownHook(onExit);
      } catch (IllegalStateException e) {
        // The process is ending: the hook has nothing left to do.
      }
    }
  }
}
