package org.mesohub.cluster;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** What is wrong with the log, if anything. Threading: any. */
final class LogHealth {
  /** Ends the log until the node is started again; the first one stays. */
  private final AtomicReference<@Nullable String> failure = new AtomicReference<>();

  /** Goes away with the next snapshot that succeeds. */
  private final AtomicReference<@Nullable String> snapshotTrouble = new AtomicReference<>();

  /** Whether this was the first failure. */
  boolean fail(String why) {
    return failure.compareAndSet(null, why);
  }

  void snapshotFailed(String why) {
    snapshotTrouble.set(why);
  }

  void snapshotDone() {
    snapshotTrouble.set(null);
  }

  Optional<String> failure() {
    return Optional.ofNullable(failure.get());
  }

  Optional<String> trouble() {
    return failure().or(() -> Optional.ofNullable(snapshotTrouble.get()));
  }
}
