package org.mesohub.cluster;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** What is wrong with the log, if anything. Threading: any. */
final class LogHealth {
  /** Ends the log until the node is started again; the first one stays. */
  private final CompletableFuture<LogStop> stopped = new CompletableFuture<>();

  /** Goes away with the next snapshot that succeeds. */
  private final AtomicReference<@Nullable String> snapshotTrouble = new AtomicReference<>();

  /** Whether this was the first failure. */
  boolean fail(LogStop stop) {
    return stopped.complete(stop);
  }

  /** Completes with the first failure. */
  CompletableFuture<LogStop> stopped() {
    return stopped;
  }

  void snapshotFailed(String why) {
    snapshotTrouble.set(why);
  }

  void snapshotDone() {
    snapshotTrouble.set(null);
  }

  Optional<String> failure() {
    return Optional.ofNullable(stopped.getNow(null)).map(LogStop::why);
  }

  Optional<String> trouble() {
    return failure().or(() -> Optional.ofNullable(snapshotTrouble.get()));
  }
}
