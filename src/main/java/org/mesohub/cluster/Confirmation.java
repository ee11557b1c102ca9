package org.mesohub.cluster;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Finds out that nobody else can have led before a moment: one question to all voters for all that
 * wait, without an entry in the log. A majority whose terms are still this leader's had elected
 * nobody later, so what this node has applied is everything that was acknowledged until then.
 * Unlike Ratis' read index it asks anew each time, and whoever comes while a round is out waits for
 * the next one.
 *
 * <p>Threading: any; completes on the threads that bring answers.
 */
final class Confirmation {
  /** This round did not confirm it, for whatever reason. */
  static final class Unconfirmed extends RuntimeException {
    private static final long serialVersionUID = 1;

    Unconfirmed(String message) {
      super(message, null, false, false);
    }
  }

  private final String selfId;
  private final LongSupplier reign;
  private final Supplier<List<Set<String>>> electorates;
  private final Function<String, CompletableFuture<Long>> term;

  // Guarded by this.
  private List<CompletableFuture<Void>> waiting = new ArrayList<>();
  private boolean out;

  /**
   * @param reign term in which this node leads with everything applied; 0 while it does not
   * @param electorates voters; two sets while a change of them is under way, each of which elects
   * @param term asks a voter for its term
   */
  Confirmation(
      String selfId,
      LongSupplier reign,
      Supplier<List<Set<String>>> electorates,
      Function<String, CompletableFuture<Long>> term) {
    this.selfId = selfId;
    this.reign = reign;
    this.electorates = electorates;
    this.term = term;
  }

  /** Completes when it is confirmed for a moment after this call; fails as {@link Unconfirmed}. */
  CompletableFuture<Void> confirm() {
    var waiter = new CompletableFuture<Void>();
    synchronized (this) {
      waiting.add(waiter);
    }
    launch();
    return waiter;
  }

  private void launch() {
    List<CompletableFuture<Void>> round;
    synchronized (this) {
      if (out || waiting.isEmpty()) {
        return;
      }
      out = true;
      round = waiting;
      waiting = new ArrayList<>();
    }
    CompletableFuture<Void> outcome;
    try {
      outcome = ask();
    } catch (RuntimeException e) {
      outcome = CompletableFuture.failedFuture(e);
    }
    outcome.whenComplete((confirmed, failure) -> land(round, failure));
  }

  private void land(List<CompletableFuture<Void>> round, @Nullable Throwable failure) {
    synchronized (this) {
      out = false;
    }
    launch();
    for (CompletableFuture<Void> waiter : round) {
      if (failure == null) {
        waiter.complete(null);
      } else {
        waiter.completeExceptionally(failure);
      }
    }
  }

  private CompletableFuture<Void> ask() {
    long mine = reign.getAsLong();
    var outcome = new CompletableFuture<Void>();
    if (mine == 0) {
      outcome.completeExceptionally(new Unconfirmed("this node does not lead"));
      return outcome;
    }
    var count = new Count(electorates.get(), outcome);
    count.told(selfId, true);
    for (String voter : count.open()) {
      term.apply(voter)
          .whenComplete((told, failure) -> count.told(voter, failure == null && told == mine));
    }
    return outcome;
  }

  /** The answers of one round. */
  private static final class Count {
    private final List<Set<String>> electorates;
    private final CompletableFuture<Void> outcome;
    private final Set<String> open = new HashSet<>();
    private final Set<String> same = new HashSet<>();

    Count(List<Set<String>> electorates, CompletableFuture<Void> outcome) {
      this.electorates = electorates;
      this.outcome = outcome;
      electorates.forEach(open::addAll);
    }

    synchronized List<String> open() {
      return List.copyOf(open);
    }

    void told(String voter, boolean sameTerm) {
      boolean enough;
      boolean possible;
      synchronized (this) {
        open.remove(voter);
        if (sameTerm) {
          same.add(voter);
        }
        enough = electorates.stream().allMatch(voters -> isMajority(voters, same, Set.of()));
        possible = electorates.stream().allMatch(voters -> isMajority(voters, same, open));
      }
      if (enough) {
        outcome.complete(null);
      } else if (!possible) {
        outcome.completeExceptionally(new Unconfirmed("too few voters are of this term"));
      }
    }

    private static boolean isMajority(Set<String> voters, Set<String> some, Set<String> more) {
      return 2 * voters.stream().filter(v -> some.contains(v) || more.contains(v)).count()
          > voters.size();
    }
  }
}
