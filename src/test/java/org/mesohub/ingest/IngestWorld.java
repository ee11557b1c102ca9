package org.mesohub.ingest;

import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.mesohub.api.PutOptions;
import org.mesohub.catalog.CatalogueState;
import org.mesohub.cluster.CatalogueLog;
import org.mesohub.cluster.CatalogueMachine;
import org.mesohub.cluster.ReplicatedLog;
import org.mesohub.observation.BatchBuilder;
import org.mesohub.observation.ObservationBatch;
import org.mesohub.observation.StationKey;
import org.mesohub.observation.VariableDictionary;
import org.mesohub.query.ChunkSource;
import org.mesohub.query.QueryEngine;
import org.mesohub.retrieval.Pins;
import org.mesohub.segment.Chunk;
import org.mesohub.segment.ChunkId;
import org.mesohub.segment.Manifest;
import org.mesohub.store.ChunkStore;
import org.mesohub.store.RejectStore;

/** The write path over maps: a store, a log of one, and a committer between them. */
final class IngestWorld implements ChunkStore, ReplicatedLog, RejectStore, AutoCloseable {
  static final long NOON = 1_521_201_600_000_000L;
  static final long MINUTE = 60_000_000L;

  final Map<ChunkId, byte[]> stored = new ConcurrentHashMap<>();
  final List<Integer> entries = new CopyOnWriteArrayList<>();
  final Leases leases = new Leases();
  final CatalogueMachine machine = new CatalogueMachine();
  final CatalogueLog catalogue = new CatalogueLog(this, machine);
  final QueryEngine engine;
  final Drafter drafter;
  final Committer committer;

  /** Fails whatever is stored next, until taken away. */
  volatile @Nullable RuntimeException failure;

  /** Why there is no room; empty while there is. */
  volatile Optional<String> shortage = Optional.empty();

  IngestWorld() {
    engine =
        new QueryEngine(
            new ChunkSource() {
              @Override
              public Manifest manifest(ChunkId id) {
                return Manifest.decode(stored.get(id));
              }

              @Override
              public Chunk chunk(ChunkId id) {
                return Chunk.open(stored.get(id));
              }
            });
    drafter =
        new Drafter(engine, this, leases, machine::state, Runnable::run, Map.of(), () -> NOON);
    committer =
        new Committer(new PutCommit(catalogue, drafter, new Pins(), this, () -> shortage), 4_096);
  }

  CatalogueState state() {
    return machine.state();
  }

  /** A row of network 1: a station, minutes after noon, a whole temperature. */
  record Row(String station, int minute, int value) {}

  static ObservationBatch batch(Row... rows) {
    var builder = new BatchBuilder(16);
    int column = builder.column(VariableDictionary.mesowest().get(4));
    for (Row row : rows) {
      builder.addRow(builder.station(new StationKey("1", row.station)), NOON + row.minute * MINUTE);
      builder.decimal(column, row.value, 0);
    }
    return builder.build();
  }

  static PutInfo info(PutOptions.@Nullable Token token, String source, String content) {
    var options = new PutOptions(token, source, "", "", "", false, "somebody");
    ChunkId hash = ChunkId.of(content.getBytes(java.nio.charset.StandardCharsets.UTF_8));
    return new PutInfo("P".repeat(26), options, hash, "test", 0, List.of(), 1, 1);
  }

  @Override
  public Future<Void> put(List<Blob> chunks) {
    RuntimeException broken = failure;
    if (broken != null) {
      return Future.failedFuture(broken);
    }
    chunks.forEach(chunk -> stored.put(chunk.id(), chunk.bytes()));
    return Future.succeededFuture();
  }

  @Override
  public Future<Void> replace(Blob chunk) {
    return put(List.of(chunk));
  }

  @Override
  public Future<byte[]> get(ChunkId id) {
    return Future.succeededFuture(stored.get(id));
  }

  @Override
  public Future<Set<ChunkId>> present(Collection<ChunkId> ids) {
    Set<ChunkId> here = new HashSet<>(ids);
    here.retainAll(stored.keySet());
    return Future.succeededFuture(here);
  }

  @Override
  public Future<Void> delete(Collection<ChunkId> ids) {
    stored.keySet().removeAll(ids);
    return Future.succeededFuture();
  }

  @Override
  public Future<List<ChunkId>> list(@Nullable ChunkId after, int limit) {
    return Future.succeededFuture(new ArrayList<>(stored.keySet()));
  }

  @Override
  public Future<Void> compact() {
    return Future.succeededFuture();
  }

  @Override
  public Future<Long> count() {
    return Future.succeededFuture((long) stored.size());
  }

  @Override
  public Future<Void> probe() {
    return Future.succeededFuture();
  }

  @Override
  public synchronized Future<byte[]> submit(byte[] entry) {
    entries.add(entry.length);
    return Future.succeededFuture(machine.apply(entries.size(), NOON + entries.size(), entry));
  }

  @Override
  public Future<Void> barrier() {
    return Future.succeededFuture();
  }

  @Override
  public LogStatus status() {
    return new LogStatus("n", "n", "LEADER", 1, entries.size(), entries.size(), List.of("n"));
  }

  @Override
  public Future<Void> add(List<Rejected> rejects) {
    return Future.succeededFuture();
  }

  @Override
  public Future<List<Rejected>> find(@Nullable String put, int limit) {
    return Future.succeededFuture(List.of());
  }

  @Override
  public void close() {
    committer.close();
  }
}
