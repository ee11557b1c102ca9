package org.mesohub.replication;

import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.mesohub.replication.ChunkCluster.Node;
import org.mesohub.segment.ChunkId;
import org.mesohub.store.ChunkStore;
import org.mesohub.store.ChunkStoreContract;

/** The contract over three embedded engines, with gRPC between them. */
class ReplicatedChunkStoreIT extends ChunkStoreContract {
  @TempDir Path folder;
  private ChunkCluster cluster;

  @BeforeEach
  void start() throws Exception {
    cluster = new ChunkCluster(3, folder, ReplicationLimits.USUAL);
  }

  @AfterEach
  void stop() throws Exception {
    cluster.close();
  }

  @Override
  protected ChunkStore store() {
    return new Collecting(cluster, cluster.nodes.get(0).store);
  }

  @Override
  protected void damage(ChunkId id, JsonObject fields) throws Exception {
    for (Node node : cluster.nodes) {
      ChunkCluster.eventually("the last copy of " + id, () -> node.has(id));
      node.damage(id, fields);
    }
  }

  /** Removes as collection does: chunks are condemned before and are not any more afterwards. */
  private record Collecting(ChunkCluster cluster, ChunkStore store) implements ChunkStore {
    @Override
    public Future<Void> delete(Collection<ChunkId> ids) {
      cluster.apply(ChunkCluster.condemn(ids));
      return store.delete(ids).onSuccess(done -> cluster.apply(ChunkCluster.collected()));
    }

    @Override
    public Future<Void> put(List<Blob> chunks) {
      return store.put(chunks);
    }

    @Override
    public Future<Void> replace(Blob chunk) {
      return store.replace(chunk);
    }

    @Override
    public Future<byte[]> get(ChunkId id) {
      return store.get(id);
    }

    @Override
    public Future<Set<ChunkId>> present(Collection<ChunkId> ids) {
      return store.present(ids);
    }

    @Override
    public Future<List<ChunkId>> list(@Nullable ChunkId after, int limit) {
      return store.list(after, limit);
    }

    @Override
    public Future<Void> compact() {
      return store.compact();
    }

    @Override
    public Future<Long> count() {
      return store.count();
    }

    @Override
    public Future<Void> probe() {
      return store.probe();
    }
  }
}
