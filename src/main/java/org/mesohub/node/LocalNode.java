package org.mesohub.node;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.mesohub.api.AnswerStream;
import org.mesohub.api.ApiException;
import org.mesohub.api.Backups;
import org.mesohub.api.NodeApi;
import org.mesohub.api.PutOptions;
import org.mesohub.api.PutOutcome;
import org.mesohub.api.PutSession;
import org.mesohub.catalog.DayEntry;
import org.mesohub.cluster.CatalogueLog;
import org.mesohub.cluster.ReplicatedLog;
import org.mesohub.ingest.Ingest;
import org.mesohub.ingest.NetworkRules;
import org.mesohub.observation.Day;
import org.mesohub.observation.ObservationBatch;
import org.mesohub.observation.TimeRange;
import org.mesohub.proto.internal.v1.Entry;
import org.mesohub.proto.internal.v1.Probe;
import org.mesohub.query.ChunkSource;
import org.mesohub.query.Query;
import org.mesohub.query.Selection;
import org.mesohub.replication.Scrub;
import org.mesohub.retrieval.Retrieval;
import org.mesohub.retrieval.StationDirectory;
import org.mesohub.store.ChunkStore;
import org.mesohub.store.RejectStore;
import org.mesohub.store.RejectStore.Rejected;
import org.mesohub.upkeep.Inventory;
import org.mesohub.upkeep.Upkeep;

/**
 * What this node does for its clients, put together from its parts. Here failures become {@link
 * org.mesohub.api.ApiException}s.
 */
final class LocalNode implements NodeApi {
  /**
   * The parts.
   *
   * @param place who leads, and the number of a node
   * @param networks names that clients may use for networks
   * @param diskBytes size of the data folder, bytes; may block
   */
  record Parts(
      Vertx vertx,
      CatalogueLog catalogue,
      ChunkSource chunks,
      ChunkStore store,
      RejectStore rejects,
      Ingest ingest,
      Retrieval retrieval,
      StationDirectory stations,
      Deletion deletion,
      Upkeep upkeep,
      Scrub scrub,
      Place place,
      Backups backups,
      NetworkRules networks,
      Supplier<Long> diskBytes) {
    private Parts reading(Retrieval other) {
      return new Parts(
          vertx, catalogue, chunks, store, rejects, ingest, other, stations, deletion, upkeep,
          scrub, place, backups, networks, diskBytes);
    }
  }

  /** Where the node stands in its cluster. */
  interface Place {
    /** Number of a node; 0 when it is not known. */
    int number(String nodeId);

    /** Whether this node commits; else it needs a leader that does. */
    boolean leads();

    /** Whether another node leads, and this one has everything from longer ago than an age. */
    boolean follows(Duration age);

    /** What keeps its log from following; empty when nothing does. */
    Optional<String> trouble();

    /** That of a node without others. */
    static Place alone(String nodeId, int number) {
      return new Place() {
        @Override
        public int number(String id) {
          return id.equals(nodeId) ? number : 0;
        }

        @Override
        public boolean leads() {
          return true;
        }

        @Override
        public boolean follows(Duration age) {
          return false;
        }

        @Override
        public Optional<String> trouble() {
          return Optional.empty();
        }
      };
    }
  }

  /** Who the node is. */
  record Self(
      NodeIdentity identity, int number, String version, Supplier<List<String>> listening) {}

  private final Parts parts;
  private final Self self;
  private final long startedNanos = System.nanoTime();

  LocalNode(Parts parts, Self self) {
    this.parts = parts;
    this.self = self;
  }

  @Override
  public PutSession put(PutOptions options) {
    PutSession session = parts.ingest.open(options);
    return new PutSession() {
      @Override
      public Future<Void> bytes(byte[] data, int from, int length) {
        return told(session.bytes(data, from, length));
      }

      @Override
      public Future<Void> message(byte[] data) {
        return told(session.message(data));
      }

      @Override
      public Future<Void> batch(ObservationBatch rows) {
        return told(session.batch(rows));
      }

      @Override
      public Future<PutOutcome> finish() {
        return told(session.finish());
      }

      @Override
      public void cancel() {
        session.cancel();
      }
    };
  }

  @Override
  public Future<DeleteOutcome> delete(
      Selection selection, PutOptions.@Nullable Token token, boolean dryRun, String principal) {
    try {
      Deletion.check(selection);
    } catch (RuntimeException e) {
      return Future.failedFuture(e);
    }
    Selection meant = parts.networks.canonical(selection);
    return told(
        parts
            .vertx
            .executeBlocking(() -> parts.deletion.beside(meant, token, dryRun), false)
            .compose(
                outcome ->
                    outcome != null
                        ? Future.succeededFuture(outcome)
                        : onContext(
                            parts
                                .ingest
                                .committer()
                                .exclusively(() -> parts.deletion.between(meant, token, dryRun)))));
  }

  @Override
  public Future<AnswerStream> query(Query query) {
    return told(parts.retrieval.query(canonical(query))).map(ToldAnswer::new);
  }

  @Override
  public Future<Counted> count(Selection selection, long asOfCommit) {
    return told(parts.retrieval.count(parts.networks.canonical(selection), asOfCommit));
  }

  @Override
  public Future<AnswerStream> latest(Query query) {
    return told(parts.retrieval.latest(canonical(query))).map(ToldAnswer::new);
  }

  @Override
  public Future<List<StationInfo>> stations(Selection selection) {
    Selection meant = parts.networks.canonical(selection);
    return told(parts.retrieval.pinned(state -> parts.stations.list(state, meant)));
  }

  @Override
  public Future<List<Map.Entry<Day, DayEntry>>> days(TimeRange range) {
    return told(parts.retrieval.days(range));
  }

  @Override
  public Future<List<Rejected>> rejects(@Nullable String putId, int limit) {
    return told(parts.rejects.find(putId, limit));
  }

  @Override
  public Future<CompactOutcome> compact() {
    return told(onContext(parts.upkeep.compactNow()));
  }

  @Override
  public Future<ScrubStatus> scrub(boolean start) {
    Scrub.Rounds rounds = start ? parts.scrub.begin() : parts.scrub.rounds();
    Scrub.Outcome read = parts.scrub.outcome();
    return told(
        parts
            .store
            .count()
            .map(
                stored ->
                    new ScrubStatus(
                        rounds.begun(),
                        rounds.running(),
                        stored,
                        read.chunks(),
                        read.bytes(),
                        read.corrupt(),
                        read.healed(),
                        rounds.failure())));
  }

  /** A leader asks the others all the same: it may have been one. */
  @Override
  public NodeApi allowing(Duration staleness) {
    return parts.place.follows(staleness)
        ? new LocalNode(parts.reading(parts.retrieval.asItIs()), self)
        : this;
  }

  @Override
  public Backups backups() {
    return parts.backups;
  }

  @Override
  public Selection canonical(Selection selection) {
    return parts.networks.canonical(selection);
  }

  @Override
  public Future<NodeStatus> status() {
    return told(
        parts.retrieval.here(
            state -> {
              ReplicatedLog.LogStatus log = parts.catalogue.status();
              Inventory inventory = Inventory.of(state, parts.chunks);
              var networks = new TreeSet<String>();
              state.days().values().forEach(day -> networks.addAll(day.networks()));
              return new NodeStatus(
                  self.identity.clusterId(),
                  self.identity.nodeId(),
                  self.number,
                  log.role(),
                  log.term(),
                  log.leaderId(),
                  parts.place.number(log.leaderId()),
                  log.commitIndex(),
                  log.appliedIndex(),
                  state.commit(),
                  state.floor(),
                  state.days().size(),
                  state.rows(),
                  inventory.chunkBytes().size(),
                  inventory.bytes(),
                  parts.diskBytes.get(),
                  self.version,
                  (System.nanoTime() - startedNanos) / 1_000_000_000,
                  self.listening.get(),
                  networks);
            }));
  }

  @Override
  public Future<Void> ready() {
    return told(
        parts
            .store
            .probe()
            .compose(
                ignored ->
                    parts.place.leads()
                        ? parts
                            .catalogue
                            .submit(Entry.newBuilder().setProbe(Probe.getDefaultInstance()))
                            .<Void>mapEmpty()
                        : ledByOther()));
  }

  /** A node that passes calls on can serve while there is somebody to pass them to. */
  private Future<Void> ledByOther() {
    Optional<String> trouble = parts.place.trouble();
    if (trouble.isPresent()) {
      return Future.failedFuture(new ApiException(ApiException.Reason.UNAVAILABLE, trouble.get()));
    }
    return parts.catalogue.status().leaderId().isEmpty()
        ? Future.failedFuture(
            new ApiException(
                ApiException.Reason.UNAVAILABLE,
                "no leader is known: check that a majority of the members runs"))
        : Future.succeededFuture();
  }

  private Query canonical(Query query) {
    return query.of(parts.networks.canonical(query.selection()), query.limit());
  }

  private <T> Future<T> onContext(CompletableFuture<T> stage) {
    return Future.fromCompletionStage(stage, parts.vertx.getOrCreateContext());
  }

  static <T> Future<T> told(Future<T> future) {
    return future.recover(failure -> Future.failedFuture(Failures.toApi(failure)));
  }
}
