package org.mesohub.node;

import io.vertx.core.Future;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.mesohub.cluster.LogStop;
import org.mesohub.config.NodeConfig;
import org.mesohub.placement.Room;
import org.mesohub.store.DiskSpace;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs a node, and starts it anew within this process when its log had to stop for something that
 * has passed: a disk that was full, or could not be written to, and can again. Nothing that was
 * acknowledged hangs on that: the node comes back as it would after a kill.
 */
public final class Supervisor {
  private static final Logger LOG = LoggerFactory.getLogger(Supervisor.class);

  private static final long LOOK_MS = 1_000;

  /** Pause before a node is started anew whose log shut itself down, or whose start failed. */
  private static final long PAUSE_MS = 10_000;

  /**
   * What is written to find out whether the disk takes it; as much as the log allocates at once.
   */
  private static final int PROBE_BYTES = 64 << 10;

  private final NodeConfig config;
  private Node node;
  private boolean closed;

  private Supervisor(NodeConfig config, Node node) {
    this.config = config;
    this.node = node;
    watch(node);
  }

  /** Starts a node; fails as {@link Node#start} does. */
  public static Future<Supervisor> start(NodeConfig config) {
    return Node.start(config).map(node -> new Supervisor(config, node));
  }

  /** The node that runs now. */
  public synchronized Node node() {
    return node;
  }

  /** Stops the node, and starts none any more. */
  public synchronized Future<Void> close() {
    closed = true;
    return node.close();
  }

  private synchronized boolean isClosed() {
    return closed;
  }

  private void watch(Node running) {
    running
        .stopped()
        .thenAccept(
            stop -> {
              if (stop.kind() != LogStop.Kind.OTHER) {
                // No daemon: between two nodes it is all that keeps the process.
                new Thread(() -> startAnew(running, stop), "mesohub-supervisor").start();
              }
            });
  }

  private void startAnew(Node stopped, LogStop stop) {
    if (stop.kind() == LogStop.Kind.NO_ROOM) {
      LOG.warn("the node starts anew when its disk can be written to again");
      while (!isClosed() && !hasRoom(config.data())) {
        pause(LOOK_MS);
      }
    } else {
      pause(PAUSE_MS);
    }
    if (isClosed()) {
      return;
    }
    LOG.warn("the node starts anew, as its log had stopped: {}", stop.why());
    try {
      stopped.close().toCompletionStage().toCompletableFuture().join();
    } catch (CompletionException e) {
      LOG.warn("the node did not close in order; what is acknowledged is safe", e);
    }
    while (!isClosed()) {
      try {
        Node started = Node.start(config).toCompletionStage().toCompletableFuture().join();
        runs(started);
        return;
      } catch (CompletionException e) {
        LOG.error("the node does not start, it is tried again", e.getCause());
        pause(PAUSE_MS);
      }
    }
  }

  private synchronized void runs(Node started) {
    node = started;
    if (closed) {
      started.close();
    } else {
      LOG.info("{}", started.listening());
      watch(started);
    }
  }

  /** Whether the disk has the room that a node keeps back, and takes a file. */
  static boolean hasRoom(Path data) {
    DiskSpace disk = DiskSpace.of(data);
    if (Room.of(Long.MAX_VALUE).after(0, disk.usableBytes(), disk.totalBytes()).full()) {
      return false;
    }
    Path probe = data.resolve("probe.tmp");
    try {
      try (FileChannel file =
          FileChannel.open(probe, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
        file.write(ByteBuffer.allocate(PROBE_BYTES));
        file.force(true);
      }
      Files.delete(probe);
      return true;
    } catch (IOException e) {
      LOG.debug("the disk of {} takes nothing yet", data, e);
      return false;
    }
  }

  private static void pause(long millis) {
    LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(millis));
  }
}
