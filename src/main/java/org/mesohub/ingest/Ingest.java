package org.mesohub.ingest;

import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.mesohub.api.ApiException;
import org.mesohub.api.PutOptions;
import org.mesohub.api.PutOutcome;
import org.mesohub.api.PutSession;
import org.mesohub.catalog.StationDescription;
import org.mesohub.cluster.CatalogueLog;
import org.mesohub.query.QueryEngine;
import org.mesohub.retrieval.IdleThreads;
import org.mesohub.retrieval.Pins;
import org.mesohub.segment.Origin;
import org.mesohub.store.ChunkStore;
import org.mesohub.store.RejectStore;

/** The write path of a node: opens puts, and owns the committer and the spill folder. */
public final class Ingest implements AutoCloseable {
  /**
   * Settings of the write path.
   *
   * @param spillFolder for temporary runs; {@link #emptyFolder} comes first
   * @param networks what is known of networks beforehand
   */
  public record Settings(Path spillFolder, NetworkRules networks, IngestLimits limits) {}

  private final Vertx vertx;
  private final WorkerExecutor workers;
  private final CatalogueLog catalogue;
  private final ExecutorService encoders = IdleThreads.pool(encoders(), "mesohub-encode");
  private final Drafter drafter;
  private final StationPut stationPut;
  private final Committer committer;
  private final Pins pins;
  private final Settings settings;
  private final LongSupplier clockMicros;
  private final Space space;
  private final PutIds putIds;
  private final LentStations stations;
  private final AtomicLong rowsInMemory = new AtomicLong();
  private final AtomicInteger largePuts = new AtomicInteger();

  /**
   * @param clockMicros wall clock, microseconds since 1970
   */
  public Ingest(
      Vertx vertx,
      WorkerExecutor workers,
      CatalogueLog catalogue,
      QueryEngine engine,
      ChunkStore store,
      RejectStore rejects,
      Leases leases,
      Pins pins,
      Settings settings,
      Space space,
      LongSupplier clockMicros) {
    this.vertx = vertx;
    this.workers = workers;
    this.catalogue = catalogue;
    this.pins = pins;
    this.settings = settings;
    this.space = space;
    this.clockMicros = clockMicros;
    this.putIds = new PutIds(clockMicros);
    this.stations = new LentStations(vertx);
    this.drafter =
        new Drafter(
            engine,
            store,
            leases,
            catalogue::state,
            encoders,
            settings.networks.licences(),
            clockMicros);
    this.stationPut = new StationPut(catalogue, store, rejects, leases, pins);
    this.committer =
        new Committer(
            new PutCommit(catalogue, drafter, pins, rejects, space),
            settings.limits.waitingPutsMax());
  }

  /** Stations known to the readers of large puts. */
  LentStations stations() {
    return stations;
  }

  /** Opens a put. */
  public PutSession open(PutOptions options) {
    String putId = putIds.next();
    var collector =
        new PutCollector(
            putId,
            options.source(),
            settings.limits,
            settings.networks,
            rowsInMemory,
            settings.spillFolder,
            clockMicros);
    return new FilePut(this, options, putId, collector);
  }

  /** Commits a station list in its turn. */
  CompletableFuture<PutOutcome> putStations(PutInfo info, List<StationDescription> list) {
    return committer.exclusively(
        () -> {
          needRoom();
          return stationPut.commit(info, list);
        });
  }

  public Committer committer() {
    return committer;
  }

  /** Rows that puts hold in memory now. */
  public long rowsInMemory() {
    return rowsInMemory.get();
  }

  /** Whether clients wait for puts of any size. */
  public boolean isBusy() {
    return largePuts.get() > 0 || rowsInMemory.get() > 0 || committer.waiting() > 0;
  }

  Vertx vertx() {
    return vertx;
  }

  WorkerExecutor workers() {
    return workers;
  }

  Origin origin(PutOptions options) {
    return Origin.local(options.source(), options.licence());
  }

  String defaultNetwork(PutOptions options) {
    return options.defaultNetwork().isEmpty()
        ? settings.networks.defaultNetwork()
        : options.defaultNetwork();
  }

  long putBytesMax() {
    return settings.limits.putBytesMax();
  }

  /** Refuses a put that may spill to disk while there is no room. */
  void needRoom() {
    ApiException shortage = PutCommit.shortage(space);
    if (shortage != null) {
      throw shortage;
    }
  }

  /** Takes one of the places for large puts; OVERLOADED when there is none. */
  void enterLargePut() {
    if (largePuts.incrementAndGet() > settings.limits.largePutsMax()) {
      largePuts.decrementAndGet();
      throw new ApiException(
          ApiException.Reason.OVERLOADED,
          settings.limits.largePutsMax()
              + " large puts are in progress (limits.putsMax); nothing was stored, try again when"
              + " one has ended");
    }
  }

  void leaveLargePut() {
    largePuts.decrementAndGet();
  }

  /** A draft made beside the committer, for a put that would keep it busy for long. */
  Draft draftEarly(PutRows rows, PutOptions options) {
    Pins.Pinned pinned = pins.pin(catalogue::state);
    try {
      return drafter.draft(pinned.state(), rows, origin(options), options.dryRun());
    } finally {
      pinned.pin().close();
    }
  }

  @Override
  public void close() {
    committer.close();
    encoders.shutdownNow();
  }

  /** The thread that drafts encodes as well. */
  private static int encoders() {
    return Math.max(1, Runtime.getRuntime().availableProcessors() - 1);
  }

  /** Makes the spill folder, without what an earlier run left; blocks. */
  public static Path emptyFolder(Path folder) {
    try {
      Files.createDirectories(folder);
      try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*.spill")) {
        for (Path file : files) {
          Files.delete(file);
        }
      }
      return folder;
    } catch (IOException e) {
      throw new UncheckedIOException("cannot prepare the spill folder " + folder, e);
    }
  }
}
