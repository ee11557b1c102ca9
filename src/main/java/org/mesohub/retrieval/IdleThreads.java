package org.mesohub.retrieval;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Threads for computing that go when there is nothing to do, and their working memory with them.
 */
public final class IdleThreads {
  private static final long IDLE_SECONDS = 30;

  private IdleThreads() {}

  /** At most so many daemon threads; what comes beyond waits, without a bound. */
  public static ExecutorService pool(int threads, String name) {
    var pool =
        new ThreadPoolExecutor(
            threads,
            threads,
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            work -> {
              var thread = new Thread(work, name);
              thread.setDaemon(true);
              return thread;
            });
    pool.allowCoreThreadTimeOut(true);
    return pool;
  }
}
