package org.mesohub.cluster;

import java.io.Closeable;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongSupplier;
import org.apache.ratis.server.RaftServer;

/**
 * What a read waits for among several voters: that the terms of a majority confirm this leader, or,
 * where they do not answer at once, an entry in the log, which may wait for them.
 */
final class ReadBarrier implements Closeable {
  private final PeerCalls calls;
  private final Confirmation confirmation;
  private final GroupCommit commits;

  /** Tells the others this node's term from now on, too. */
  ReadBarrier(
      PeerCalls calls,
      RaftConfig config,
      RaftServer.Division division,
      RaftAdmin admin,
      GroupCommit commits,
      LongSupplier reign) {
    this.calls = calls;
    this.confirmation = new Confirmation(config.nodeId(), reign, admin::electorates, calls::term);
    this.commits = commits;
    calls.answerTerms(() -> division.getInfo().getCurrentTerm());
  }

  /** Tells nobody the term any more. */
  @Override
  public void close() {
    calls.answerTerms(null);
  }

  /** Fails with a {@link LogException}. */
  CompletableFuture<Void> pass() {
    var passed = new CompletableFuture<Void>();
    confirmation
        .confirm()
        .whenComplete(
            (confirmed, failure) -> {
              if (failure == null) {
                passed.complete(null);
              } else {
                // Elsewhere: proposing may wait for Ratis' locks, and this is the bus' thread.
                CompletableFuture.runAsync(() -> entry(passed));
              }
            });
    return passed;
  }

  private void entry(CompletableFuture<Void> passed) {
    commits
        .barrier()
        .whenComplete(
            (nothing, failure) -> {
              if (failure == null) {
                passed.complete(null);
              } else {
                passed.completeExceptionally(failure);
              }
            });
  }
}
