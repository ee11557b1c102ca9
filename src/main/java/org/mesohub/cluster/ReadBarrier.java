package org.mesohub.cluster;

import java.util.concurrent.CompletableFuture;
import java.util.function.LongSupplier;
import org.apache.ratis.server.RaftServer;
import org.jspecify.annotations.Nullable;

/**
 * What a read waits for among several voters: that the terms of a majority confirm this leader, or,
 * where they do not answer at once, an entry in the log, which may wait for them.
 */
final class ReadBarrier {
  private final @Nullable PeerCalls calls;
  private final @Nullable Confirmation confirmation;
  private final GroupCommit commits;

  private ReadBarrier(
      @Nullable PeerCalls calls, @Nullable Confirmation confirmation, GroupCommit commits) {
    this.calls = calls;
    this.confirmation = confirmation;
    this.commits = commits;
  }

  /** Tells the others this node's term from now on, too. */
  static ReadBarrier of(
      RaftConfig config,
      RaftServer.Division division,
      RaftAdmin admin,
      GroupCommit commits,
      LongSupplier reign) {
    PeerCalls calls = config.rpc().calls();
    if (calls == null) {
      return new ReadBarrier(null, null, commits);
    }
    calls.answerTerms(() -> division.getInfo().getCurrentTerm());
    return new ReadBarrier(
        calls, new Confirmation(config.nodeId(), reign, admin::electorates, calls::term), commits);
  }

  /** Tells nobody the term any more. */
  void close() {
    if (calls != null) {
      calls.answerTerms(null);
    }
  }

  /** Fails with a {@link LogException}. */
  CompletableFuture<Void> pass() {
    var passed = new CompletableFuture<Void>();
    if (confirmation == null) {
      entry(passed);
    } else {
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
    }
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
