package org.mesohub.api;

import io.vertx.core.Future;
import java.util.List;
import java.util.Map;
import org.mesohub.segment.ChunkId;
import org.mesohub.store.ChunkStore.Blob;

/**
 * Copies of everything: out of a running cluster, and into an empty one. Threading and failures as
 * of {@link NodeApi}.
 */
public interface Backups {
  /** Format of copies, the only one that is read. */
  int FORMAT = 1;

  /** Begins a copy of the state as of now. */
  Future<Copy> copy();

  /** Begins a restore; nothing happens before {@link Restore#header}. */
  Restore restore();

  /**
   * What a copy is of.
   *
   * @param format {@link #FORMAT}, unless another release made it
   * @param cluster id of the cluster that was copied
   * @param commit last commit in the copy
   * @param catalogueBytes length of the catalogue
   * @param chunks number of chunks that the catalogue names
   * @param bytes of the chunks whose size is known
   * @param catalogueId SHA-256 of the catalogue
   */
  record Header(
      int format,
      String cluster,
      long commit,
      long timeMicros,
      long catalogueBytes,
      long chunks,
      long bytes,
      ChunkId catalogueId) {}

  /** A state that stays readable until it is closed. */
  interface Copy extends AutoCloseable {
    Header header();

    /** The catalogue; nobody may change it. */
    byte[] catalogue();

    /** Sizes in bytes of the chunks that the catalogue names, 0 where not known. */
    Map<ChunkId, Integer> chunks();

    /** The bytes of a chunk, verified; INVALID for one that the catalogue does not name. */
    Future<byte[]> chunk(ChunkId id);

    /** Idempotent. */
    @Override
    void close();
  }

  /**
   * A restore in progress: the header, the whole catalogue, then chunks. Used by one context, one
   * call at a time: the next is made when the future of the one before has succeeded.
   */
  interface Restore {
    /** INVALID when there is something already, or the copy is of another format. */
    Future<Void> header(Header header);

    /** The next bytes of the catalogue. */
    Future<Void> catalogue(byte[] piece);

    /** Stores chunks; INVALID when one is not what its name says. */
    Future<Void> chunks(List<Blob> chunks);

    /** Makes the catalogue of the copy this cluster's, if every chunk that it names has come. */
    Future<Restored> finish();

    /** Forgets everything; idempotent, without effect after {@link #finish}. */
    void cancel();
  }

  /**
   * What a catalogue is after a restore.
   *
   * @param chunks number of chunks that it names
   * @param bytes of the chunks whose size is known
   */
  record Restored(long commit, long days, long rows, long chunks, long bytes) {}
}
