package org.mesohub.node;

import io.vertx.core.Future;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.mesohub.cluster.ReplicatedLog;
import org.mesohub.segment.ChunkId;
import org.mesohub.store.ChunkStore;

/**
 * A node that is gone at a moment of its own choosing, as after kill -9. Arguments: data folder,
 * moment, how many such moments pass before the last one. Prints its port.
 */
final class HaltingNode {
  /** Exit code of a node that reached its moment. */
  static final int HALTED = 86;

  /** Steps of the write path, and whether the commit under way may, must or cannot survive them. */
  enum Moment {
    BEFORE_CHUNKS(Fate.LOST),
    AMID_CHUNKS(Fate.LOST),
    AFTER_CHUNKS(Fate.LOST),
    BEFORE_ENTRY(Fate.LOST),
    WITH_ENTRY(Fate.OPEN),
    AFTER_ENTRY(Fate.KEPT);

    final Fate fate;

    Moment(Fate fate) {
      this.fate = fate;
    }
  }

  enum Fate {
    LOST,
    OPEN,
    KEPT
  }

  private final Moment moment;
  private final AtomicInteger left;
  private volatile boolean armed;

  private HaltingNode(Moment moment, int passed) {
    this.moment = moment;
    this.left = new AtomicInteger(passed);
  }

  @SuppressWarnings("SystemOut")
  public static void main(String[] args) {
    var halting = new HaltingNode(Moment.valueOf(args[1]), Integer.parseInt(args[2]));
    Node node =
        NodeFixture.await(
            Node.start(
                NodeFixture.config(Path.of(args[0])),
                new Surroundings(WallClock::micros, halting::chunks, halting::log)));
    halting.armed = true;
    System.out.println(node.port());
  }

  /** Whether the moment has come; at some moments the caller still has something to do. */
  private boolean isNow(Moment here) {
    return armed && here == moment && left.getAndDecrement() == 0;
  }

  private static void halt() {
    Runtime.getRuntime().halt(HALTED);
  }

  /** Ends the process when a step is done, before anybody learns of it. */
  private static <T> Future<T> haltAfter(Future<T> step) {
    return step.onComplete(done -> halt());
  }

  private ReplicatedLog log(ReplicatedLog log) {
    return new ReplicatedLog() {
      @Override
      public Future<byte[]> submit(byte[] entry) {
        if (isNow(Moment.BEFORE_ENTRY)) {
          halt();
        }
        boolean with = isNow(Moment.WITH_ENTRY);
        Future<byte[]> submitted = log.submit(entry);
        if (with) {
          halt();
        }
        return isNow(Moment.AFTER_ENTRY) ? haltAfter(submitted) : submitted;
      }

      @Override
      public Future<Void> barrier() {
        return log.barrier();
      }

      @Override
      public LogStatus status() {
        return log.status();
      }
    };
  }

  private ChunkStore chunks(ChunkStore store) {
    return new ChunkStore() {
      @Override
      public Future<Void> put(List<Blob> chunks) {
        return chunks.isEmpty() ? store.put(chunks) : write(store, chunks);
      }

      @Override
      public Future<Void> replace(Blob chunk) {
        return store.replace(chunk);
      }

      @Override
      public Future<byte[]> get(ChunkId id) {
        return store.get(id);
      }

      @Override
      public Future<Set<ChunkId>> present(Collection<ChunkId> ids) {
        return store.present(ids);
      }

      @Override
      public Future<Void> delete(Collection<ChunkId> ids) {
        return store.delete(ids);
      }

      @Override
      public Future<List<ChunkId>> list(@Nullable ChunkId after, int limit) {
        return store.list(after, limit);
      }

      @Override
      public Future<Void> compact() {
        return store.compact();
      }

      @Override
      public Future<Long> count() {
        return store.count();
      }

      @Override
      public Future<Void> probe() {
        return store.probe();
      }
    };
  }

  private Future<Void> write(ChunkStore store, List<ChunkStore.Blob> chunks) {
    if (isNow(Moment.BEFORE_CHUNKS)) {
      halt();
    }
    if (isNow(Moment.AMID_CHUNKS)) {
      return haltAfter(store.put(chunks.subList(0, (chunks.size() + 1) / 2)));
    }
    Future<Void> written = store.put(chunks);
    return isNow(Moment.AFTER_CHUNKS) ? haltAfter(written) : written;
  }
}
