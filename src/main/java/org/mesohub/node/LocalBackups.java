package org.mesohub.node;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.mesohub.api.ApiException;
import org.mesohub.api.ApiException.Reason;
import org.mesohub.api.Backups;
import org.mesohub.cluster.CatalogueLog;
import org.mesohub.ingest.Committer;
import org.mesohub.ingest.Ingest;
import org.mesohub.ingest.Leases;
import org.mesohub.ingest.Space;
import org.mesohub.query.ChunkSource;
import org.mesohub.retrieval.Pins;
import org.mesohub.store.ChunkStore;

/** Copies out of this node's cluster and into it. */
final class LocalBackups implements Backups {
  /** Copies made at once: each holds a whole catalogue as bytes, and the names of all chunks. */
  private static final int COPIES_MAX = 2;

  /** What copies and restores are made with. */
  record Parts(
      Vertx vertx,
      CatalogueLog catalogue,
      ChunkSource chunks,
      ChunkStore store,
      Leases leases,
      Pins pins,
      Committer committer,
      Space space) {}

  private final Parts parts;
  private final AtomicInteger copies = new AtomicInteger();
  private final AtomicBoolean restoring = new AtomicBoolean();

  LocalBackups(
      Vertx vertx,
      CatalogueLog catalogue,
      ChunkSource chunks,
      ChunkStore store,
      Leases leases,
      Pins pins,
      Ingest ingest,
      Space space) {
    this.parts =
        new Parts(vertx, catalogue, chunks, store, leases, pins, ingest.committer(), space);
  }

  @Override
  public Future<Copy> copy() {
    if (copies.incrementAndGet() > COPIES_MAX) {
      copies.decrementAndGet();
      return Future.failedFuture(
          new ApiException(
              Reason.OVERLOADED,
              COPIES_MAX + " backups are being made already; try again when one has ended"));
    }
    Future<Copy> opened =
        parts
            .catalogue
            .linearizable()
            .compose(ignored -> parts.vertx.executeBlocking(this::pinned, false));
    return LocalNode.told(opened.onFailure(failure -> copies.decrementAndGet()));
  }

  private Copy pinned() {
    Pins.Pinned pinned = parts.pins.pin(parts.catalogue::state);
    try {
      return LocalCopy.of(
          pinned.state(),
          parts.chunks,
          parts.store,
          () -> {
            pinned.pin().close();
            copies.decrementAndGet();
          });
    } catch (RuntimeException e) {
      pinned.pin().close();
      throw e;
    }
  }

  @Override
  public Restore restore() {
    return new LocalRestore(parts, restoring);
  }
}
