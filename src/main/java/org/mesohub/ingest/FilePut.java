package org.mesohub.ingest;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.mesohub.api.ApiException;
import org.mesohub.api.PutOptions;
import org.mesohub.api.PutOutcome;
import org.mesohub.api.PutSession;
import org.mesohub.catalog.StationDescription;
import org.mesohub.format.ContractText;
import org.mesohub.format.FormatException;
import org.mesohub.format.FormatReader;
import org.mesohub.format.FormatReaders;
import org.mesohub.format.KnownStations;
import org.mesohub.format.ReaderOptions;
import org.mesohub.observation.ColumnVector;
import org.mesohub.observation.ObservationBatch;
import org.mesohub.segment.ChunkId;

/**
 * One put in progress. Input is gathered into pieces worth a worker's while; while one piece is
 * read the next is gathered, and a third waits: that is the back-pressure, and all the memory a put
 * takes beside its rows.
 */
final class FilePut implements PutSession {
  /** Input gathered before a worker reads it, bytes. */
  private static final int PIECE_BYTES = 256 << 10;

  /** A put up to this size is read where it arrives: a change of threads costs more, bytes. */
  private static final int SMALL_BYTES = 16 << 10;

  /**
   * Rows in a batch of a reader: an hour of a large network of networks is one batch and is never
   * copied together.
   */
  private static final int BATCH_ROWS = 65_536;

  /** Station and time of a row that comes in a batch, bytes. */
  private static final int ROW_KEY_BYTES = 12;

  /** Cell of a row that comes in a batch, bytes. */
  private static final int CELL_BYTES = 9;

  /** A piece of input. */
  private sealed interface Piece {
    @SuppressWarnings("ArrayRecordComponent")
    record Bytes(byte[] data, int from, int length) implements Piece {}

    @SuppressWarnings("ArrayRecordComponent")
    record Message(byte[] data) implements Piece {}

    record Rows(ObservationBatch rows) implements Piece {}
  }

  private final Ingest ingest;
  private final PutOptions options;
  private final String putId;
  private final PutCollector collector;
  private final @Nullable MessageDigest digest;
  private final ReaderOptions readerOptions;
  private @Nullable KnownStations stations;
  private @Nullable FormatReader reader;
  private @Nullable ContractText contract;
  private String format = "";
  private List<Piece> gathered = new ArrayList<>();
  private int gatheredBytes;
  private Future<Void> running = Future.succeededFuture();
  private long bytes;
  private boolean large;
  private boolean over;

  /** Whether all pieces so far were small batches. */
  private boolean plain = true;

  FilePut(Ingest ingest, PutOptions options, String putId, PutCollector collector) {
    this.ingest = ingest;
    this.options = options;
    this.putId = putId;
    this.collector = collector;
    this.digest = options.token() == null ? null : sha256();
    this.readerOptions =
        new ReaderOptions(BATCH_ROWS, ingest.defaultNetwork(options), ingest.putBytesMax());
  }

  @Override
  public Future<Void> bytes(byte[] data, int from, int length) {
    plain = false; // it may be packed, and then there is no telling how much comes of it
    return gather(new Piece.Bytes(data, from, length), length, length);
  }

  @Override
  public Future<Void> message(byte[] data) {
    return gather(new Piece.Message(data), data.length, data.length);
  }

  @Override
  public Future<Void> batch(ObservationBatch rows) {
    long size = (long) rows.rows() * (ROW_KEY_BYTES + (long) CELL_BYTES * rows.columns().size());
    boolean small = size <= SMALL_BYTES && isPlain(rows);
    plain &= small;
    return gather(new Piece.Rows(rows), small ? (int) size : PIECE_BYTES, size);
  }

  /** Whether a batch takes no more room than its size tells: dictionaries may be of any length. */
  private static boolean isPlain(ObservationBatch rows) {
    return rows.rows() > 0
        && rows.stations().size() <= rows.rows()
        && rows.columns().stream().noneMatch(ColumnVector.Texts.class::isInstance);
  }

  /** Fails the put for good: {@link #finish} stores nothing. */
  private Future<Void> broken(ApiException failure) {
    running = running.compose(ignored -> Future.failedFuture(failure));
    return Future.failedFuture(failure);
  }

  /**
   * @param bytes what the piece adds to a worker's while
   * @param size what it adds to the length of the put, bytes
   */
  private Future<Void> gather(Piece piece, int bytes, long size) {
    if (over) {
      return Future.failedFuture(
          new ApiException(ApiException.Reason.INVALID, "the put has ended already"));
    }
    this.bytes += size;
    if (this.bytes > ingest.putBytesMax()) {
      return broken(
          new ApiException(
              ApiException.Reason.INVALID,
              "the put is longer than "
                  + ingest.putBytesMax()
                  + " bytes (limits.putBytesMax); nothing was stored, put it in parts"));
    }
    if (!large && this.bytes >= PIECE_BYTES) {
      try {
        ingest.enterLargePut();
      } catch (ApiException e) {
        return broken(e);
      }
      large = true;
    }
    gathered.add(piece);
    gatheredBytes += bytes;
    if (gatheredBytes < PIECE_BYTES) {
      return running.failed() ? running : Future.succeededFuture();
    }
    if (!options.dryRun()) {
      try {
        ingest.needRoom();
      } catch (ApiException e) {
        return broken(e);
      }
    }
    if (running.isComplete()) {
      if (running.failed()) {
        return running;
      }
      readGathered();
      return Future.succeededFuture();
    }
    Future<Void> before = running;
    readGathered();
    return before;
  }

  private void readGathered() {
    List<Piece> pieces = gathered;
    gathered = new ArrayList<>();
    gatheredBytes = 0;
    running =
        running.compose(
            ignored ->
                ingest
                    .workers()
                    .executeBlocking(
                        () -> {
                          read(pieces);
                          return null;
                        },
                        false));
  }

  @Override
  public Future<PutOutcome> finish() {
    if (over) {
      return Future.failedFuture(
          new ApiException(ApiException.Reason.INVALID, "the put has ended already"));
    }
    over = true;
    List<Piece> rest = gathered;
    gathered = new ArrayList<>();
    boolean small = plain && bytes <= SMALL_BYTES && running.succeeded();
    return (small ? prepareHere(rest) : prepareOnWorker(rest))
        .onFailure(failure -> collector.discard())
        .compose(
            prepared ->
                Future.fromCompletionStage(
                    commit(prepared),
                    Vertx.currentContext() == null
                        ? ingest.vertx().getOrCreateContext()
                        : Vertx.currentContext()))
        .onComplete(
            ignored -> {
              collector.releaseMemory();
              leave();
            });
  }

  private Future<Prepared> prepareOnWorker(List<Piece> rest) {
    return running.compose(ignored -> ingest.workers().executeBlocking(() -> prepare(rest), false));
  }

  private Future<Prepared> prepareHere(List<Piece> rest) {
    collector.keepInMemory();
    try {
      return Future.succeededFuture(prepare(rest));
    } catch (RuntimeException e) {
      return Future.failedFuture(e);
    }
  }

  private CompletableFuture<PutOutcome> commit(Prepared prepared) {
    List<StationDescription> described = collector.described();
    return described.isEmpty()
        ? ingest.committer().put(prepared.info, prepared.rows, prepared.early)
        : ingest.putStations(prepared.info, described);
  }

  private void leave() {
    if (large) {
      large = false;
      ingest.leaveLargePut();
    }
  }

  @Override
  public void cancel() {
    if (!over) {
      over = true;
      gathered = new ArrayList<>();
      running.onComplete(
          ignored -> {
            collector.discard();
            leave();
          });
    }
  }

  private record Prepared(PutInfo info, PutRows rows, @Nullable Draft early) {}

  private Prepared prepare(List<Piece> rest) {
    read(rest);
    if (reader != null) {
      reading(reader::finish);
      format = reader.format();
      if (!options.format().isEmpty() && !options.format().equals(format)) {
        throw new ApiException(
            ApiException.Reason.INVALID,
            "the input is "
                + format
                + ", not "
                + options.format()
                + "; nothing was stored: name the right format, or none to have it detected");
      }
    }
    if (contract != null) {
      reading(contract::finish);
    }
    KnownStations known = stations;
    if (known != null) {
      stations = null;
      ingest.stations().giveBack(known);
    }
    PutRows rows = collector.rowsReady(ingest.origin(options));
    var info =
        new PutInfo(
            putId,
            options,
            digest == null ? null : ChunkId.ofHash(digest.digest()),
            format,
            collector.rejected(),
            collector.firstRejects(),
            collector.stations(),
            collector.days());
    boolean takesLong = rows instanceof PutRows.Spilled;
    return new Prepared(info, rows, takesLong ? ingest.draftEarly(rows, options) : null);
  }

  private void read(List<Piece> pieces) {
    for (Piece piece : pieces) {
      if (piece instanceof Piece.Bytes bytes) {
        digest(bytes.data, bytes.from, bytes.length);
        FormatReader current = reader;
        if (current == null) {
          current = FormatReaders.detect(readerOptions(), collector);
          reader = current;
        }
        FormatReader feeding = current;
        reading(() -> feeding.feed(bytes.data, bytes.from, bytes.length));
      } else if (piece instanceof Piece.Message message) {
        digest(message.data, 0, message.data.length);
        ContractText current = contract;
        if (current == null) {
          current = new ContractText(readerOptions, collector);
          contract = current;
          format = "contract";
        }
        ContractText feeding = current;
        reading(() -> feeding.message(message.data, 0, message.data.length));
      } else {
        ObservationBatch rows = ((Piece.Rows) piece).rows;
        format = "columns";
        if (digest != null) {
          BatchDigest.update(digest, rows);
        }
        if (rows.rows() > 0) {
          collector.batch(rows);
        }
      }
    }
  }

  /** Of a large put: small ones know their few stations sooner than they could look them up. */
  private ReaderOptions readerOptions() {
    if (!large) {
      return readerOptions;
    }
    KnownStations known = ingest.stations().take(readerOptions.defaultNetwork());
    stations = known;
    return readerOptions.withKnown(known);
  }

  private static void reading(Runnable read) {
    try {
      read.run();
    } catch (FormatException e) {
      throw new ApiException(ApiException.Reason.INVALID, String.valueOf(e.getMessage()), e);
    }
  }

  private void digest(byte[] data, int from, int length) {
    if (digest != null) {
      digest.update(data, from, length);
    }
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
