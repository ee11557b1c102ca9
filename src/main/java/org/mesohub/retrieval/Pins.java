package org.mesohub.retrieval;

import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.mesohub.catalog.CatalogueState;

/**
 * Who still reads which catalogue version. A reader pins the state it took before it asks for
 * chunks; collection waits until no pin is older than its condemnation. Thread-safe.
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

  /** Pins the current state: what it names is not collected before the pin is closed. */
  public Pinned pin(Supplier<CatalogueState> current) {
    while (true) {
      long epoch = current.get().condemnEpoch();
      Pin pin = pin(epoch);
      CatalogueState state = current.get();
      if (state.condemnEpoch() == epoch) {
        return new Pinned(state, pin);
      }
      pin.close();
    }
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

  /** Whether a reader holds a state from before an epoch. */
  public boolean anyBefore(long condemnEpoch) {
    var oldest = pinsByEpoch.firstEntry();
    return oldest != null && oldest.getKey() < condemnEpoch;
  }

  /** Number of pins held. */
  public long held() {
    return pinsByEpoch.values().stream().mapToLong(AtomicLong::get).sum();
  }
}
