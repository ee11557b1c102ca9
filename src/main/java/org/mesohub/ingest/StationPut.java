package org.mesohub.ingest;

import com.google.protobuf.ByteString;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.mesohub.api.ApiException;
import org.mesohub.api.PutOptions;
import org.mesohub.api.PutOutcome;
import org.mesohub.catalog.CatalogueState;
import org.mesohub.catalog.StationDescription;
import org.mesohub.catalog.StationPages;
import org.mesohub.catalog.TokenWindow;
import org.mesohub.cluster.CatalogueLog;
import org.mesohub.cluster.LogException;
import org.mesohub.observation.StationKey;
import org.mesohub.proto.internal.v1.Applied;
import org.mesohub.proto.internal.v1.CommitRows;
import org.mesohub.proto.internal.v1.Entry;
import org.mesohub.proto.internal.v1.StationsDelta;
import org.mesohub.retrieval.Blocking;
import org.mesohub.retrieval.Pins;
import org.mesohub.retrieval.StationRegister;
import org.mesohub.segment.ChunkId;
import org.mesohub.store.ChunkStore;
import org.mesohub.store.RejectStore;

/**
 * Commits a station list: compares it with what is described, stores all descriptions anew as
 * pages, and proposes them in place of those compared with. Blocks; for the committer's thread.
 */
final class StationPut {
  /** Longest wait for the store to keep rejects, milliseconds. */
  private static final long REJECTS_TIMEOUT_MS = 30_000;

  private final CatalogueLog catalogue;
  private final StationRegister register;
  private final ChunkStore store;
  private final RejectStore rejects;
  private final Leases leases;
  private final Pins pins;

  StationPut(
      CatalogueLog catalogue, ChunkStore store, RejectStore rejects, Leases leases, Pins pins) {
    this.catalogue = catalogue;
    this.register = new StationRegister(store);
    this.store = store;
    this.rejects = rejects;
    this.leases = leases;
    this.pins = pins;
  }

  PutOutcome commit(PutInfo info, List<StationDescription> list) {
    for (int attempt = 0; attempt < IngestLimits.ATTEMPTS_MAX; attempt++) {
      Pins.Pinned pinned = pins.pin(catalogue::state);
      try {
        PutOutcome outcome = attempt(pinned.state(), info, list, attempt);
        if (outcome != null) {
          return outcome;
        }
      } finally {
        pinned.pin().close();
      }
    }
    throw new ApiException(
        ApiException.Reason.OVERLOADED,
        "other station lists kept coming between; nothing was stored, try again");
  }

  /** One try; null when it is to be tried again. */
  private @Nullable PutOutcome attempt(
      CatalogueState state, PutInfo info, List<StationDescription> list, int attempt) {
    PutOutcome replayed = replayed(state, info);
    if (replayed != null) {
      return replayed;
    }
    SortedMap<StationKey, StationDescription> all = new TreeMap<>(register.of(state));
    PutTally tally = merge(all, list);
    boolean dryRun = info.options().dryRun();
    if (!dryRun && attempt == 0 && !info.firstRejects().isEmpty()) {
      Blocking.await(rejects.add(info.firstRejects()), REJECTS_TIMEOUT_MS, "the store");
    }
    if (dryRun || (!tally.changes() && info.options().token() == null)) {
      return Outcomes.of(info, tally, 0);
    }
    var upload = new RunUpload(store, leases, catalogue::state, Runnable::run);
    boolean settled = true;
    try {
      return propose(state, info, tally, tally.changes() ? pages(upload, all) : null);
    } catch (LogException e) {
      settled = e.reason() != LogException.Reason.INDETERMINATE;
      throw e;
    } finally {
      // An entry that may still be applied keeps its pages until the node restarts and knows.
      if (settled) {
        upload.release();
      }
    }
  }

  private static @Nullable PutOutcome replayed(CatalogueState state, PutInfo info) {
    PutOptions.Token token = info.options().token();
    if (token == null) {
      return null;
    }
    TokenWindow.Verdict verdict =
        state
            .tokens()
            .check(token.client(), token.sequence(), Objects.requireNonNull(info.content()));
    if (verdict instanceof TokenWindow.Verdict.Replay replay) {
      return Outcomes.replayed(replay.record());
    }
    // A full window is for the log to tell: only there are tokens that are too old dropped first.
    ApiException refusal =
        verdict instanceof TokenWindow.Verdict.Full ? null : Outcomes.refusal(verdict, token);
    if (refusal != null) {
      throw refusal;
    }
    return null;
  }

  /** Adds a list to what is described, line by line. */
  private static PutTally merge(
      SortedMap<StationKey, StationDescription> all, List<StationDescription> list) {
    long stored = 0;
    long unchanged = 0;
    long corrected = 0;
    for (StationDescription station : list) {
      StationDescription old = all.get(station.key());
      StationDescription merged = old == null ? station : old.with(station);
      if (old == null) {
        stored++;
      } else if (merged.equals(old)) {
        unchanged++;
      } else {
        corrected++;
      }
      all.put(station.key(), merged);
    }
    if (all.size() > IngestLimits.STATIONS_MAX) {
      throw new ApiException(
          ApiException.Reason.INVALID,
          "with this list "
              + all.size()
              + " stations would be described, at most "
              + IngestLimits.STATIONS_MAX
              + " can be; nothing was stored: put a list of fewer stations");
    }
    return new PutTally(stored, unchanged, corrected, 0);
  }

  private static List<ChunkId> pages(
      RunUpload upload, SortedMap<StationKey, StationDescription> all) {
    List<ChunkId> ids = new ArrayList<>();
    for (byte[] page : StationPages.encode(all.values())) {
      ids.add(upload.addPage(page));
    }
    upload.settle();
    return ids;
  }

  private @Nullable PutOutcome propose(
      CatalogueState state, PutInfo info, PutTally tally, @Nullable List<ChunkId> pages) {
    var command =
        CommitRows.newBuilder()
            .addPuts(Outcomes.put(info, tally))
            .setCondemnEpoch(state.condemnEpoch());
    if (pages != null) {
      command.setStations(
          StationsDelta.newBuilder()
              .addAllBasis(hashes(state.stationPages()))
              .addAllPages(hashes(pages)));
    }
    Applied applied = catalogue.propose(Entry.newBuilder().setCommitRows(command));
    return switch (applied.getResultCase()) {
      case DONE -> Outcomes.of(info, tally, pages == null ? 0 : applied.getDone().getCommit());
      case CONFLICT, REPLAYED -> null;
      case REFUSED ->
          throw new ApiException(
              ApiException.Reason.valueOf(applied.getRefused().getReason()),
              applied.getRefused().getMessage());
      case RESULT_NOT_SET -> throw new IllegalStateException("the catalogue gave no answer");
    };
  }

  private static List<ByteString> hashes(List<ChunkId> ids) {
    return ids.stream().map(id -> ByteString.copyFrom(id.hash())).toList();
  }
}
