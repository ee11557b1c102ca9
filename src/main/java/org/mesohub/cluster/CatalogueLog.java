package org.mesohub.cluster;

import com.google.protobuf.InvalidProtocolBufferException;
import io.vertx.core.Future;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.mesohub.catalog.Catalogue;
import org.mesohub.catalog.CatalogueState;
import org.mesohub.proto.internal.v1.Applied;
import org.mesohub.proto.internal.v1.Entry;

/** The replicated catalogue: typed entries in, typed answers and pinned states out. */
public final class CatalogueLog {
  /** Longest wait for an answer, milliseconds; the log's own deadline comes first. */
  private static final long ANSWER_TIMEOUT_MS = 30_000;

  private final ReplicatedLog log;
  private final CatalogueMachine machine;

  public CatalogueLog(ReplicatedLog log, CatalogueMachine machine) {
    this.log = log;
    this.machine = machine;
  }

  /** This node's state; includes everything that {@link #submit} has answered. */
  public CatalogueState state() {
    return machine.state();
  }

  /** A state that includes everything acknowledged before the call, anywhere in the cluster. */
  public Future<CatalogueState> linearizable() {
    return log.barrier().map(ignored -> machine.state());
  }

  /** Proposes an entry; failures as {@link ReplicatedLog#submit}, and TOO_LARGE. */
  public Future<Applied> submit(Entry.Builder entry) {
    byte[] bytes = entry.setFormat(Catalogue.FORMAT).build().toByteArray();
    if (bytes.length > ReplicatedLog.ENTRY_BYTES_MAX) {
      return Future.failedFuture(
          new LogException(
              LogException.Reason.TOO_LARGE,
              "this touches too many days, networks or stations for one commit (an entry of "
                  + bytes.length
                  + " bytes, at most "
                  + ReplicatedLog.ENTRY_BYTES_MAX
                  + "); nothing happened: do it in parts, such as a year at a time",
              null));
    }
    return log.submit(bytes).map(CatalogueLog::parse);
  }

  /**
   * Proposes an entry and waits for its answer; for threads that may block. Whatever ends the wait
   * before the log has answered is {@link LogException.Reason#INDETERMINATE}: the entry may be
   * applied, now or later.
   */
  public Applied propose(Entry.Builder entry) {
    try {
      return submit(entry)
          .toCompletionStage()
          .toCompletableFuture()
          .get(ANSWER_TIMEOUT_MS, TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException failure) {
        throw failure;
      }
      throw new IllegalStateException("the log failed", e.getCause());
    } catch (TimeoutException e) {
      throw new LogException(
          LogException.Reason.INDETERMINATE,
          "the log did not answer within "
              + ANSWER_TIMEOUT_MS
              + " ms; the entry may be applied, now or later: repeat with the same token",
          e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new LogException(
          LogException.Reason.INDETERMINATE,
          "the node is shutting down; the entry may be applied, now or later: repeat with the same"
              + " token",
          e);
    }
  }

  public ReplicatedLog.LogStatus status() {
    return log.status();
  }

  private static Applied parse(byte[] answer) {
    try {
      return Applied.parseFrom(answer);
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException("the catalogue's answer is damaged", e);
    }
  }
}
