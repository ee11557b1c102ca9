package org.mesohub.ingest;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.mesohub.segment.Batches;
import org.mesohub.segment.ChunkEncoder;
import org.mesohub.segment.ChunkLimits;
import org.mesohub.segment.EncodedChunk;
import org.mesohub.segment.VersionBatch;

/**
 * Encodes sorted rows on several cores: cut where a chunk is full, the rest in pieces of equal
 * size, each encoded by itself. Chunks come out in order, on the thread that adds. Where rows are
 * cut depends on their number only, not on the machine. Not thread-safe.
 */
final class ChunkTasks {
  /**
   * Rows of the rest that are worth a task of their own: an hour of a large network of networks
   * keeps two cores busy. Compaction makes full chunks of them later.
   */
  private static final int PIECE_ROWS = 32_768;

  /** Pieces under way at once, one encoded here, one by another thread: more would take memory. */
  private static final int TASKS_MAX = 2;

  private final Executor workers;
  private final Consumer<EncodedChunk> sink;
  private final Deque<FutureTask<List<EncodedChunk>>> tasks = new ArrayDeque<>();
  private List<VersionBatch> gathered = new ArrayList<>();
  private int gatheredRows;

  ChunkTasks(Executor workers, Consumer<EncodedChunk> sink) {
    this.workers = workers;
    this.sink = sink;
  }

  /** Adds rows that follow those added before. */
  void add(VersionBatch sorted) {
    int rows = sorted.rows().rows();
    int from = 0;
    while (rows - from >= ChunkLimits.ROWS_MAX - gatheredRows) {
      int to = from + ChunkLimits.ROWS_MAX - gatheredRows;
      gather(Batches.slice(sorted, from, to));
      from = to;
      start(gathered);
      gathered = new ArrayList<>();
      gatheredRows = 0;
    }
    if (from < rows) {
      gather(Batches.slice(sorted, from, rows));
    }
  }

  private void gather(VersionBatch rows) {
    gathered.add(rows);
    gatheredRows += rows.rows().rows();
  }

  /** Hands over everything that is left. */
  void finish() {
    if (tasks.isEmpty() && gatheredRows > 0 && gatheredRows <= PIECE_ROWS) {
      // Nothing to do beside it: no other thread is woken for it.
      List<VersionBatch> only = gathered;
      gathered = new ArrayList<>();
      gatheredRows = 0;
      encode(only).forEach(sink);
      return;
    }
    int pieces = (gatheredRows + PIECE_ROWS - 1) / PIECE_ROWS;
    int begin = 0;
    for (int piece = 1; piece <= pieces; piece++) {
      int end = (int) ((long) gatheredRows * piece / pieces);
      start(between(begin, end));
      begin = end;
    }
    gathered = new ArrayList<>();
    gatheredRows = 0;
    while (!tasks.isEmpty()) {
      takeFirst();
    }
  }

  /** Some of the rows gathered, by position among all of them. */
  private List<VersionBatch> between(int begin, int end) {
    var parts = new ArrayList<VersionBatch>();
    int start = 0;
    for (VersionBatch batch : gathered) {
      int rows = batch.rows().rows();
      int from = Math.max(0, begin - start);
      int to = Math.min(rows, end - start);
      if (from < to) {
        parts.add(Batches.slice(batch, from, to));
      }
      start += rows;
    }
    return parts;
  }

  private void start(List<VersionBatch> rows) {
    var task = new FutureTask<>(() -> encode(rows));
    tasks.add(task);
    try {
      workers.execute(task);
    } catch (RejectedExecutionException e) {
      task.run();
    }
    if (tasks.size() == TASKS_MAX) {
      takeFirst();
    }
  }

  private static List<EncodedChunk> encode(List<VersionBatch> rows) {
    var chunks = new ArrayList<EncodedChunk>();
    int count = rows.stream().mapToInt(batch -> batch.rows().rows()).sum();
    var encoder = new ChunkEncoder(chunks::add, count);
    rows.forEach(encoder::add);
    encoder.finish();
    return chunks;
  }

  private void takeFirst() {
    // Does nothing for those that a worker has started; so two threads encode, and nobody waits for
    // a busy pool.
    tasks.descendingIterator().forEachRemaining(FutureTask::run);
    FutureTask<List<EncodedChunk>> first = tasks.remove();
    try {
      first.get().forEach(sink);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CancellationException("interrupted while rows were encoded");
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      if (e.getCause() instanceof Error cause) {
        throw cause;
      }
      throw new IllegalStateException("rows could not be encoded", e.getCause());
    }
  }
}
