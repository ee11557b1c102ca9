package org.mesohub.segment;

import org.jspecify.annotations.Nullable;
import org.mesohub.observation.ColumnVector;

/**
 * A block of an opened chunk. Keeps what its columns share once decoded: runs of stations and state
 * patterns.
 */
final class ChunkBlock implements Chunk.Block {
  private static final int PART_RUNS = 0;
  private static final int PART_TIMES = 1;
  private static final int PART_PATTERNS = 2;
  private static final int PART_ORIGINS = 3;

  private static final int[] NO_PATTERNS = {};

  private final Chunk chunk;
  private final byte[] bytes;
  private final ChunkHeader header;
  private final int index;
  private final int rows;
  private final BlockInfo info;

  /** Decoded at first use; a thread that sees it sees it whole. */
  private volatile @Nullable RunIndex runs;

  private volatile int @Nullable [] pattern;

  ChunkBlock(Chunk chunk, byte[] bytes, ChunkHeader header, int index) {
    this.chunk = chunk;
    this.bytes = bytes;
    this.header = header;
    this.index = index;
    this.rows = header.rowsOf(index);
    this.info = header.blockInfos.get(index);
  }

  @Override
  public int rows() {
    return rows;
  }

  @Override
  public RowKey first() {
    return key(info.firstStation(), info.firstTimeMicros());
  }

  @Override
  public RowKey last() {
    return key(info.lastStation(), info.lastTimeMicros());
  }

  @Override
  public int firstStation() {
    return info.firstStation();
  }

  @Override
  public int lastStation() {
    return info.lastStation();
  }

  private RowKey key(int station, long time) {
    return new RowKey(chunk.stations().get(station), time);
  }

  @Override
  public long timeMinMicros() {
    return info.timeMinMicros();
  }

  @Override
  public long timeMaxMicros() {
    return info.timeMaxMicros();
  }

  @Override
  public boolean singleVersions() {
    return info.singleVersions();
  }

  @Override
  public double min(int column) {
    return header.lower[bound(column)];
  }

  @Override
  public double max(int column) {
    return header.upper[bound(column)];
  }

  @Override
  public boolean isAbsent(int column) {
    return header.boundKind[bound(column)] == ColumnWriter.BOUND_ABSENT;
  }

  private int bound(int column) {
    return index * header.columns.size()
        + java.util.Objects.checkIndex(column, header.columns.size());
  }

  @Override
  public int[] station() {
    return runs().stations();
  }

  @Override
  public long[] timeMicros() {
    return numbers(PART_TIMES, header.times);
  }

  @Override
  public int[] origin() {
    return indexes(PART_ORIGINS, header.originColumn, header.origins.size(), "an origin");
  }

  @Override
  public ColumnVector column(int column) {
    ColumnReader reader = header.columns.get(column);
    if (isAbsent(column)) {
      return reader.absent(rows);
    }
    int part = header.part(index, ChunkHeader.KEY_PARTS + column);
    PatternStates states = reader.byPattern();
    int[] patterns = states != null && states.needsPatterns() ? pattern() : NO_PATTERNS;
    return reader.decode(
        bytes, header.partStart[part], header.partStart[part + 1], runs(), patterns);
  }

  private RunIndex runs() {
    RunIndex known = runs;
    if (known == null) {
      int part = header.part(index, PART_RUNS);
      known =
          RunReader.read(
              header, info, rows, bytes, header.partStart[part], header.partStart[part + 1]);
      runs = known;
    }
    return known;
  }

  private int[] pattern() {
    int[] known = pattern;
    if (known == null) {
      known = indexes(PART_PATTERNS, header.patterns, header.patternCount, "a state pattern");
      pattern = known;
    }
    return known;
  }

  private int[] indexes(int keyPart, NumberColumn column, int limit, String what) {
    long[] numbers = numbers(keyPart, column);
    var indexes = new int[rows];
    for (int i = 0; i < rows; i++) {
      if (numbers[i] < 0 || numbers[i] >= limit) {
        throw ByteReader.corrupt(what + " is out of range");
      }
      indexes[i] = (int) numbers[i];
    }
    return indexes;
  }

  private long[] numbers(int keyPart, NumberColumn column) {
    int part = header.part(index, keyPart);
    var numbers = new long[rows];
    int end = header.partStart[part + 1];
    int at = column.decode(bytes, header.partStart[part], end, runs(), null, numbers);
    if (at != end) {
      throw ByteReader.corrupt("a key part of a block is longer than its content");
    }
    return numbers;
  }
}
