package org.mesohub.cluster;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Passes on who leads, in order, on one thread. Threading: any. */
final class Leadership implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Leadership.class);

  private final ExecutorService thread;

  // Used on the thread only.
  private final List<Consumer<LeaderChange>> listeners = new ArrayList<>();
  private LeaderChange latest = new LeaderChange("", false, 0);

  Leadership(String nodeId) {
    thread =
        Executors.newSingleThreadExecutor(
            work -> {
              Thread created = new Thread(work, "raft-leader-" + nodeId);
              created.setDaemon(true);
              return created;
            });
  }

  void add(Consumer<LeaderChange> listener) {
    run(
        () -> {
          listeners.add(listener);
          tell(listener, latest);
        });
  }

  void tell(LeaderChange change) {
    run(
        () -> {
          latest = change;
          listeners.forEach(listener -> tell(listener, change));
        });
  }

  private void run(Runnable work) {
    try {
      thread.execute(work);
    } catch (RejectedExecutionException e) {
      LOG.debug("the log is closed, nobody is told who leads", e);
    }
  }

  private static void tell(Consumer<LeaderChange> listener, LeaderChange change) {
    try {
      listener.accept(change);
    } catch (RuntimeException e) {
      LOG.error("a listener failed at {}", change, e);
    }
  }

  @Override
  public void close() {
    thread.shutdown();
  }
}
