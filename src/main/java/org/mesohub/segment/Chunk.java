package org.mesohub.segment;

import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.mesohub.observation.Column;
import org.mesohub.observation.ColumnVector;
import org.mesohub.observation.StationKey;

/**
 * An opened chunk: the header is decoded, blocks and columns are decoded when asked for. Immutable
 * and thread-safe.
 */
public final class Chunk {
  /** Heap that the decoding tables of a column take, measured on hours of MesoWest. */
  private static final int TABLE_BYTES_MAX = 64 << 10;

  /** Heap that a station of the dictionary takes, its key aside, which chunks share. */
  private static final int STATION_BYTES = 24;

  private final byte[] bytes;
  private final ChunkHeader header;
  private final Block[] blocks;

  /**
   * Unpacked at first use: many queries never look at it. Several threads may unpack it at once, to
   * equal lists.
   */
  private volatile @Nullable StationList stations;

  private record Reached(long commit, long commitTimeMicros, ChunkOrigins origins) {}

  /** Made at first use, for the reference that it was read by last. */
  private volatile @Nullable Reached reached;

  private Chunk(byte[] bytes, ChunkHeader header) {
    this.bytes = bytes;
    this.header = header;
    this.blocks = new Block[header.blocks];
    for (int i = 0; i < blocks.length; i++) {
      blocks[i] = new ChunkBlock(this, bytes, header, i);
    }
  }

  /**
   * Reads a chunk's header. Throws {@link CorruptChunkException} for anything that is not a
   * well-formed chunk of a known version.
   */
  public static Chunk open(byte[] bytes) {
    return new Chunk(bytes, new ChunkHeader(ChunkFormat.open(bytes)));
  }

  public int rows() {
    return header.rows;
  }

  /**
   * Heap that the chunk takes once it has been read, an estimate: its bytes, ids and code tables.
   */
  public int heapBytes() {
    int tables = header.identities.size() * Math.min(TABLE_BYTES_MAX, 2 * header.rows);
    return bytes.length + STATION_BYTES * header.stationCount + tables;
  }

  /** Station dictionary, ascending. */
  public List<StationKey> stations() {
    return dictionary();
  }

  /** Marks the positions in {@link #stations()} of an id, whatever the network. */
  public void markStations(String id, BitSet into) {
    dictionary().mark(id, into);
  }

  private StationList dictionary() {
    StationList known = stations;
    if (known == null) {
      var reader = new ByteReader(bytes, header.stationsFrom, header.stationsEnd);
      known = StationTable.read(reader, header.stationCount);
      reader.expectEnd();
      stations = known;
    }
    return known;
  }

  /** Columns that have a cell other than absent somewhere in the chunk, ascending. */
  public List<Column> columns() {
    return header.identities;
  }

  /**
   * Origins as seen through the reference that the chunk is read by.
   *
   * @param commit the commit that introduced the run
   */
  public ChunkOrigins origins(long commit, long commitTimeMicros) {
    Reached known = reached;
    if (known == null || known.commit != commit || known.commitTimeMicros != commitTimeMicros) {
      known =
          new Reached(
              commit, commitTimeMicros, ChunkOrigins.of(header.origins, commit, commitTimeMicros));
      reached = known;
    }
    return known.origins;
  }

  /** Origins as encoded, placeholders not resolved. */
  public List<Origin> origins() {
    return header.origins;
  }

  public int blocks() {
    return blocks.length;
  }

  public Block block(int index) {
    return blocks[index];
  }

  /**
   * What the header says of a block without decoding it, and its parts, each decoded anew at every
   * call.
   */
  public interface Block {
    int rows();

    RowKey first();

    RowKey last();

    /** Index of the first row's station in {@link Chunk#stations()}. */
    int firstStation();

    /** Index of the last row's station. */
    int lastStation();

    long timeMinMicros();

    long timeMaxMicros();

    /** Whether no two rows of the block have the same key. */
    boolean singleVersions();

    /**
     * Smallest present number of a column of {@link Chunk#columns()} as a lower bound; NaN when no
     * cell is present or it is text.
     */
    double min(int column);

    /** Largest present number as an upper bound; NaN like {@link #min}. */
    double max(int column);

    /** Whether every cell of a column is absent. */
    boolean isAbsent(int column);

    /** Per row: index into {@link Chunk#stations()}. */
    int[] station();

    /** Per row: microseconds since 1970. */
    long[] timeMicros();

    /** Per row: index into {@link Chunk#origins()}. */
    int[] origin();

    /** The cells of a column. */
    ColumnVector column(int column);
  }
}
