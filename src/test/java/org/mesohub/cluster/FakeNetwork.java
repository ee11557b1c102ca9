package org.mesohub.cluster;

import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Messages of the log between nodes of this JVM, lost, delayed, doubled and reordered by chance of
 * a seed, and cut between nodes on demand. A late message is delivered, however late.
 */
final class FakeNetwork implements AutoCloseable {
  /**
   * What happens to messages.
   *
   * @param lost share that never arrives
   * @param doubled share that arrives twice
   * @param lateMsMax each is late by up to this
   * @param veryLate share that is late by up to three seconds
   */
  record Faults(double lost, double doubled, int lateMsMax, double veryLate) {
    static final Faults NONE = new Faults(0, 0, 0, 0);
  }

  private static final int VERY_LATE_MS_MAX = 3_000;

  private final Map<String, RaftTransport.Receiver> receivers = new ConcurrentHashMap<>();
  private final Set<String> cutLinks = ConcurrentHashMap.newKeySet();
  private final ScheduledExecutorService clock = Executors.newScheduledThreadPool(2);
  private final ExecutorService receiving = Executors.newCachedThreadPool();
  private final Random random;
  final AtomicLong messages = new AtomicLong();
  volatile Faults faults = Faults.NONE;

  FakeNetwork(long seed) {
    this.random = new Random(seed);
  }

  /** Nothing goes between two nodes, in either direction. */
  void cut(String a, String b) {
    cutLinks.add(a + ">" + b);
    cutLinks.add(b + ">" + a);
  }

  void heal() {
    cutLinks.clear();
  }

  RaftTransport transport(String self) {
    return new RaftTransport() {
      private RaftTransport.@Nullable Receiver mine;

      @Override
      public void open(Receiver receiver) {
        mine = receiver;
        receivers.put(self, receiver);
      }

      @Override
      public CompletableFuture<byte[]> send(
          String node, Kind kind, long term, byte[] request, Duration timeout) {
        return FakeNetwork.this.send(self, node, kind, request, timeout);
      }

      @Override
      public void close() {
        if (mine != null) {
          receivers.remove(self, mine);
        }
      }
    };
  }

  private CompletableFuture<byte[]> send(
      String from, String to, RaftTransport.Kind kind, byte[] request, Duration timeout) {
    messages.incrementAndGet();
    var answer = new CompletableFuture<byte[]>();
    clock.schedule(
        () -> answer.completeExceptionally(new IOException("no answer from " + to)),
        timeout.toMillis(),
        TimeUnit.MILLISECONDS);
    for (int copy = chance(faults.doubled) ? 2 : 1; copy > 0; copy--) {
      later(
          from + ">" + to,
          () -> {
            RaftTransport.Receiver receiver = receivers.get(to);
            if (receiver != null) {
              receiver
                  .receive(from, kind, request)
                  .thenAccept(reply -> later(to + ">" + from, () -> answer.complete(reply)));
            }
          });
    }
    return answer;
  }

  private void later(String link, Runnable delivery) {
    if (cutLinks.contains(link) || chance(faults.lost)) {
      return;
    }
    int ms = chance(faults.veryLate) ? below(VERY_LATE_MS_MAX) : below(faults.lateMsMax + 1);
    if (ms == 0) {
      receiving.execute(delivery);
    } else {
      clock.schedule(() -> receiving.execute(delivery), ms, TimeUnit.MILLISECONDS);
    }
  }

  private synchronized boolean chance(double share) {
    return share > 0 && random.nextDouble() < share;
  }

  private synchronized int below(int bound) {
    return random.nextInt(bound);
  }

  @Override
  public void close() {
    clock.shutdownNow();
    receiving.shutdownNow();
  }
}
