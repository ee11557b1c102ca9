package org.mesohub.retrieval;

import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.mesohub.catalog.CatalogueState;

/**
 * Who still reads which references to chunks. A reader pins the state it took before it asks for
 * chunks; collection condemns nothing that a pinned state may refer to. Thread-safe.
 */
public final class Pins {
  private final ConcurrentSkipListMap<Long, AtomicLong> pinsByEpoch = new ConcurrentSkipListMap<>();

  /** Holds back collection of what a state refers to until closed. */
  public interface Pin extends AutoCloseable {
    /** Idempotent. */
    @Override
    void close();
  }

  /** A state and the pin on it. */
  public record Pinned(CatalogueState state, Pin pin) {}

  /**
   * Pins the current state: what it names is not collected before the pin is closed. The pin comes
   * first, so it may be of an earlier state than the one given; that holds back more, never less.
   */
  public Pinned pin(Supplier<CatalogueState> current) {
    Pin pin = pin(current.get().runsEpoch());
    return new Pinned(current.get(), pin);
  }

  private Pin pin(long epoch) {
    pinsByEpoch.compute(
        epoch,
        (e, count) -> {
          AtomicLong pins = count == null ? new AtomicLong() : count;
          pins.incrementAndGet();
          return pins;
        });
    var open = new AtomicBoolean(true);
    return () -> {
      if (open.compareAndSet(true, false)) {
        pinsByEpoch.computeIfPresent(epoch, (e, pins) -> pins.decrementAndGet() == 0 ? null : pins);
      }
    };
  }

  /** Whether a reader may hold a state with references from before an epoch of them. */
  public boolean anyBefore(long runsEpoch) {
    var oldest = pinsByEpoch.firstEntry();
    return oldest != null && oldest.getKey() < runsEpoch;
  }

  /** Number of pins held. */
  public long held() {
    return pinsByEpoch.values().stream().mapToLong(AtomicLong::get).sum();
  }
}
