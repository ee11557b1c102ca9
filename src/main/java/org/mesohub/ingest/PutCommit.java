package org.mesohub.ingest;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.mesohub.api.ApiException;
import org.mesohub.api.PutOptions;
import org.mesohub.api.PutOutcome;
import org.mesohub.catalog.CatalogueState;
import org.mesohub.catalog.RunBodies;
import org.mesohub.catalog.TokenWindow;
import org.mesohub.cluster.CatalogueLog;
import org.mesohub.cluster.LogException;
import org.mesohub.ingest.Committer.PutJob;
import org.mesohub.observation.ObservationBatch;
import org.mesohub.proto.internal.v1.Applied;
import org.mesohub.proto.internal.v1.CommitRows;
import org.mesohub.proto.internal.v1.Entry;
import org.mesohub.retrieval.Blocking;
import org.mesohub.retrieval.Pins;
import org.mesohub.segment.ChunkId;
import org.mesohub.segment.Origin;
import org.mesohub.store.RejectStore;
import org.mesohub.store.RejectStore.Rejected;

/**
 * Commits a group of puts: answers replays, drafts, proposes, and starts over when another commit
 * came between. Every job's future is completed and its rows are closed when {@link #commit}
 * returns. For the committer's thread.
 */
final class PutCommit {
  /** Longest wait for the store to keep rejects, milliseconds; its own deadline comes first. */
  private static final long REJECTS_TIMEOUT_MS = 30_000;

  private final CatalogueLog catalogue;
  private final Drafter drafter;
  private final Pins pins;
  private final RejectStore rejects;
  private final Space space;

  PutCommit(CatalogueLog catalogue, Drafter drafter, Pins pins, RejectStore rejects, Space space) {
    this.catalogue = catalogue;
    this.drafter = drafter;
    this.pins = pins;
    this.rejects = rejects;
    this.space = space;
  }

  /** Whether a put is small enough to share a commit. */
  static boolean isSmall(PutJob job) {
    return job.rows() instanceof PutRows.Few && !job.info().options().dryRun();
  }

  /**
   * Whether a put can share the commit of another: small, of the same origin, and not the same put
   * again.
   */
  static boolean canJoin(PutJob first, PutJob other) {
    PutOptions a = first.info().options();
    PutOptions b = other.info().options();
    return isSmall(other)
        && a.source().equals(b.source())
        && a.licence().equals(b.licence())
        && (b.token() == null || !Objects.equals(a.token(), b.token()));
  }

  void commit(List<PutJob> group) {
    List<PutJob> open = group;
    try {
      for (int attempt = 0; attempt < IngestLimits.ATTEMPTS_MAX && !open.isEmpty(); attempt++) {
        open = attempt(open, attempt);
      }
      fail(
          open,
          new ApiException(
              ApiException.Reason.OVERLOADED,
              "other commits to the same days kept coming between; nothing was stored, try again"));
    } catch (RuntimeException e) {
      fail(open, e);
    } catch (Error e) {
      fail(open, new IllegalStateException("the commit failed: " + e, e));
      throw e;
    } finally {
      group.forEach(job -> job.rows().close());
    }
  }

  /** The refusal of whatever needs room while there is none. */
  static @Nullable ApiException shortage(Space space) {
    return space
        .shortage()
        .map(
            why ->
                new ApiException(
                    ApiException.Reason.OVERLOADED,
                    why
                        + "; nothing was stored now, reads go on: free space or add a node, then try again"))
        .orElse(null);
  }

  /** One try; gives the jobs that are to be tried again. */
  private List<PutJob> attempt(List<PutJob> jobs, int attempt) {
    Pins.Pinned pinned = pins.pin(catalogue::state);
    try {
      List<PutJob> fresh = withoutStopped(pinned.state(), jobs);
      if (fresh.isEmpty()) {
        jobs.forEach(PutCommit::releaseEarly);
        return fresh;
      }
      ApiException shortage = shortage(space);
      if (shortage != null && !fresh.get(0).info().options().dryRun()) {
        jobs.forEach(PutCommit::releaseEarly);
        fail(fresh, shortage);
        return List.of();
      }
      Draft draft = draft(pinned.state(), fresh, attempt);
      boolean settled = true;
      try {
        return propose(fresh, draft, attempt);
      } catch (LogException e) {
        settled = e.reason() != LogException.Reason.INDETERMINATE;
        throw e;
      } finally {
        // An entry that may still be applied keeps its chunks until the node restarts and knows.
        if (settled) {
          draft.release();
        }
      }
    } finally {
      pinned.pin().close();
    }
  }

  private Draft draft(CatalogueState state, List<PutJob> jobs, int attempt) {
    PutJob first = jobs.get(0);
    Draft early = first.early();
    if (early != null && attempt == 0) {
      return early;
    }
    PutOptions options = first.info().options();
    Origin origin = Origin.local(options.source(), options.licence());
    if (!isSmall(first)) {
      return drafter.draft(state, first.rows(), origin, options.dryRun());
    }
    List<ObservationBatch> puts =
        jobs.stream().map(job -> ((PutRows.Few) job.rows()).batch()).toList();
    return drafter.draftGroup(state, puts, origin);
  }

  private List<PutJob> propose(List<PutJob> jobs, Draft draft, int attempt) {
    boolean dryRun = jobs.get(0).info().options().dryRun();
    if (!dryRun && attempt == 0) {
      keepRejects(jobs);
    }
    boolean anyToken = jobs.stream().anyMatch(job -> job.info().options().token() != null);
    if (dryRun || (draft.body() == null && !anyToken)) {
      for (int i = 0; i < jobs.size(); i++) {
        complete(jobs.get(i), draft.tallies().get(i), 0);
      }
      return List.of();
    }
    Applied applied = catalogue.propose(entry(jobs, draft));
    return switch (applied.getResultCase()) {
      case DONE -> {
        drafter.committed(draft, applied.getDone().getCommit());
        for (int i = 0; i < jobs.size(); i++) {
          complete(jobs.get(i), draft.tallies().get(i), applied.getDone().getCommit());
        }
        yield List.of();
      }
      case CONFLICT, REPLAYED -> jobs;
      case REFUSED -> {
        // Only one of them may be at fault.
        if (jobs.size() > 1) {
          jobs.forEach(job -> commit(List.of(job)));
          yield List.of();
        }
        throw new ApiException(
            ApiException.Reason.valueOf(applied.getRefused().getReason()),
            applied.getRefused().getMessage());
      }
      case RESULT_NOT_SET -> throw new IllegalStateException("the catalogue gave no answer");
    };
  }

  private static void releaseEarly(PutJob job) {
    Draft early = job.early();
    if (early != null) {
      early.release();
    }
  }

  private static Entry.Builder entry(List<PutJob> jobs, Draft draft) {
    var command =
        CommitRows.newBuilder()
            .addAllDays(draft.days())
            .addAllNetworks(draft.networks())
            .setCondemnEpoch(draft.basis().condemnEpoch());
    if (draft.body() != null) {
      command.setBody(RunBodies.toProto(draft.body()));
    }
    for (int i = 0; i < jobs.size(); i++) {
      command.addPuts(Outcomes.put(jobs.get(i).info(), draft.tallies().get(i)));
    }
    return Entry.newBuilder().setCommitRows(command);
  }

  /** The jobs whose tokens let them run; the others are answered. */
  private static List<PutJob> withoutStopped(CatalogueState state, List<PutJob> jobs) {
    List<PutJob> fresh = new ArrayList<>();
    Set<PutOptions.Token> seen = new HashSet<>();
    for (PutJob job : jobs) {
      PutOptions.Token token = job.info().options().token();
      if (token == null) {
        fresh.add(job);
        continue;
      }
      TokenWindow.Verdict verdict =
          state.tokens().check(token.client(), token.sequence(), content(job.info()));
      // A full window is for the log to tell: only there are tokens that are too old dropped first.
      ApiException refusal =
          verdict instanceof TokenWindow.Verdict.Full ? null : Outcomes.refusal(verdict, token);
      if (verdict instanceof TokenWindow.Verdict.Replay replay) {
        job.done().complete(Outcomes.replayed(replay.record()));
      } else if (refusal != null) {
        job.fail(refusal);
      } else if (!seen.add(token)) {
        job.fail(
            new ApiException(
                ApiException.Reason.UNAVAILABLE,
                "a put with the same token is being committed; try again with the same token"));
      } else {
        fresh.add(job);
      }
    }
    return fresh;
  }

  private static ChunkId content(PutInfo info) {
    return Objects.requireNonNull(info.content(), "a put with a token has its bytes hashed");
  }

  private void keepRejects(List<PutJob> jobs) {
    List<Rejected> all = jobs.stream().flatMap(job -> job.info().firstRejects().stream()).toList();
    if (!all.isEmpty()) {
      Blocking.await(rejects.add(all), REJECTS_TIMEOUT_MS, "the store");
    }
  }

  private static void complete(PutJob job, PutTally tally, long commit) {
    PutOutcome outcome = Outcomes.of(job.info(), tally, tally.changes() ? commit : 0);
    job.done().complete(outcome);
  }

  private static void fail(List<PutJob> jobs, @Nullable RuntimeException failure) {
    if (failure != null) {
      jobs.forEach(job -> job.fail(failure));
    }
  }
}
