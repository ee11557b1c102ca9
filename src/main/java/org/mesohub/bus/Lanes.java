package org.mesohub.bus;

import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.mesohub.bus.Kind.Lane;

/**
 * Threads that work off what comes in, one for each lane, because Ratis blocks its callers. A lane
 * that has fallen far behind turns work away.
 */
final class Lanes implements AutoCloseable {
  private static final int WAITING_MAX = 64;
  private static final long IDLE_SECONDS = 60;

  private final Map<Lane, ThreadPoolExecutor> executors = new EnumMap<>(Lane.class);

  Lanes(String nodeId) {
    for (Lane lane : Lane.values()) {
      if (lane != Lane.NONE) {
        executors.put(lane, executor("bus-%s-%s".formatted(lane.name().toLowerCase(), nodeId)));
      }
    }
  }

  private static ThreadPoolExecutor executor(String name) {
    ThreadPoolExecutor executor =
        new ThreadPoolExecutor(
            1,
            1,
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(WAITING_MAX),
            work -> {
              Thread thread = new Thread(work, name);
              thread.setDaemon(true);
              return thread;
            });
    executor.allowCoreThreadTimeOut(true);
    return executor;
  }

  /** Runs the work on the lane; false when the lane is full or closed. */
  boolean run(Lane lane, Runnable work) {
    ThreadPoolExecutor executor = executors.get(lane);
    if (executor == null) {
      return false;
    }
    try {
      executor.execute(work);
      return true;
    } catch (RejectedExecutionException e) {
      return false;
    }
  }

  @Override
  public void close() {
    executors.values().forEach(ThreadPoolExecutor::shutdownNow);
  }
}
