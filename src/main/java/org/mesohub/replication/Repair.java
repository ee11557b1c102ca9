package org.mesohub.replication;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import org.mesohub.placement.Member;
import org.mesohub.placement.Placement;
import org.mesohub.segment.ChunkId;
import org.mesohub.store.ChunkStore.Blob;
import org.mesohub.store.StoreException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings every chunk that the catalogue names to the members that should have it: the leader's
 * background work.
 *
 * <p>Members that answer get what they lack. What belongs to a member that has not answered for a
 * while goes to the next in the chunk's ranking, if there is one. Blocks; for one thread.
 */
public final class Repair {
  private static final Logger LOG = LoggerFactory.getLogger(Repair.class);

  /** Ids asked for at once. */
  private static final int PAGE = 4_096;

  private final ReplicatedChunkStore store;
  private final Settings settings;
  private final LongSupplier clockNanos;
  private final Throttle throttle;
  private final Map<String, Long> silentSince = new HashMap<>();
  private final LongAdder copies = new LongAdder();
  private volatile Progress progress = Progress.NONE;

  /**
   * How repair works.
   *
   * @param patience how long a member may be silent until its chunks go to others
   * @param bytesPerSecond rate of copies
   */
  public record Settings(Duration patience, long bytesPerSecond) {}

  /**
   * How far a round is or was.
   *
   * @param checked chunks looked at
   * @param missing copies that lacked on members that should have them
   * @param copied copies made
   * @param lost chunks that no member could give
   * @param unheard copies of members that did not answer
   */
  public record Progress(long checked, long missing, long copied, long lost, long unheard) {
    static final Progress NONE = new Progress(0, 0, 0, 0, 0);

    /** Whether every chunk is now where it should be. */
    public boolean isWhole() {
      return missing == copied && lost == 0 && unheard == 0;
    }

    private Progress looked(long lacking, long silent) {
      return new Progress(checked + 1, missing + lacking, copied, lost, unheard + silent);
    }

    private Progress gave(boolean done) {
      return new Progress(
          checked, missing, copied + (done ? 1 : 0), lost + (done ? 0 : 1), unheard);
    }
  }

  public Repair(ReplicatedChunkStore store, Settings settings) {
    this(store, settings, System::nanoTime);
  }

  Repair(ReplicatedChunkStore store, Settings settings, LongSupplier clockNanos) {
    this.store = store;
    this.settings = settings;
    this.clockNanos = clockNanos;
    this.throttle = new Throttle(settings.bytesPerSecond);
  }

  /** Copies made since the node started. */
  public long copies() {
    return copies.sum();
  }

  /** The round under way, or the last one. */
  public Progress progress() {
    return progress;
  }

  /**
   * One round.
   *
   * @param referenced ids that the catalogue names
   */
  public Progress run(Set<ChunkId> referenced) {
    progress = Progress.NONE;
    SortedSet<ChunkId> left = new TreeSet<>(referenced);
    while (!left.isEmpty()) {
      List<ChunkId> page = left.stream().limit(PAGE).toList();
      repair(page);
      page.forEach(left::remove);
    }
    return progress;
  }

  private void repair(List<ChunkId> page) {
    Map<String, Set<ChunkId>> present = present(page);
    List<Member> takers =
        store.takers().stream().filter(member -> !isGone(member, present)).toList();
    for (ChunkId id : page) {
      List<Member> lacking = new ArrayList<>();
      int silent = 0;
      for (Member member : Placement.replicas(id, takers, store.limits().factor())) {
        Set<ChunkId> has = present.get(member.id());
        if (has == null) {
          silent++;
        } else if (!has.contains(id)) {
          lacking.add(member);
        }
      }
      progress = progress.looked(lacking.size(), silent);
      if (!lacking.isEmpty()) {
        copy(id, lacking);
      }
    }
  }

  /** What the members that answer have; notes since when the others do not. */
  private Map<String, Set<ChunkId>> present(List<ChunkId> page) {
    Map<String, Set<ChunkId>> present = new HashMap<>();
    for (Replica replica : store.replicas()) {
      String id = replica.member().id();
      try {
        present.put(id, Waiting.await(Lane.attempt(() -> replica.present(page)), timeoutMs()));
        silentSince.remove(id);
      } catch (StoreException e) {
        stopIfInterrupted(e);
        silentSince.putIfAbsent(id, clockNanos.getAsLong());
      }
    }
    return present;
  }

  private boolean isGone(Member member, Map<String, Set<ChunkId>> present) {
    Long since = silentSince.get(member.id());
    return !present.containsKey(member.id())
        && since != null
        && clockNanos.getAsLong() - since >= settings.patience.toNanos();
  }

  private void copy(ChunkId id, List<Member> lacking) {
    byte[] bytes;
    try {
      bytes = Waiting.await(store.get(id), timeoutMs());
    } catch (StoreException e) {
      stopIfInterrupted(e);
      LOG.warn("chunk {} cannot be copied: {}", id, e.getMessage());
      progress = progress.gave(false);
      return;
    }
    for (Member member : lacking) {
      try {
        Waiting.await(store.copy(member, new Blob(id, bytes)), timeoutMs());
        progress = progress.gave(true);
        copies.increment();
      } catch (StoreException e) {
        stopIfInterrupted(e);
        LOG.warn("chunk {} could not be copied to {}: {}", id, member.id(), e.getMessage());
      }
      throttle.done(bytes.length);
    }
  }

  private static void stopIfInterrupted(StoreException e) {
    if (Thread.currentThread().isInterrupted()) {
      throw e;
    }
  }

  private long timeoutMs() {
    return 2 * store.limits().putMs();
  }
}
