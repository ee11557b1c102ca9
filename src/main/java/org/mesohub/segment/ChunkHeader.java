package org.mesohub.segment;

import java.util.ArrayList;
import java.util.List;
import org.mesohub.observation.Column;

/** The decoded header of a chunk, but for its station dictionary, which is only located. */
final class ChunkHeader {
  /** Parts of a block before its columns: runs of stations, times, patterns, origins. */
  static final int KEY_PARTS = 4;

  /** Unpacked bytes of the text dictionaries. */
  static final int TEXTS_MAX = 1 << 24;

  /** Bytes of a bound record: kind and two binary32 numbers. */
  private static final int BOUND_MAX = 9;

  /** Bytes of a varint that holds a part's size. */
  private static final int SIZE_MAX = 3;

  final int rows;
  final int blockRows;
  final int blocks;

  /** Number of stations in the dictionary. */
  final int stationCount;

  final int stationsFrom;
  final int stationsEnd;
  final List<Origin> origins;
  final List<BlockInfo> blockInfos;
  final SymbolTable runStations;
  final SymbolTable runLengths;
  final NumberColumn times;
  final NumberColumn patterns;
  final NumberColumn originColumn;
  final int patternCount;
  final List<ColumnReader> columns;
  final List<Column> identities;

  /** Per block and column, see {@link ColumnWriter}. */
  final byte[] boundKind;

  final float[] lower;
  final float[] upper;

  /** Start of each part in the chunk's bytes, block by block; one entry more. */
  final int[] partStart;

  ChunkHeader(ByteReader from) {
    rows = from.varint(1, ChunkLimits.ROWS_MAX, "a number of rows");
    blockRows =
        1 << from.varint(ChunkFormat.BLOCK_LOG2_MIN, ChunkFormat.BLOCK_LOG2_MAX, "a block size");
    blocks = (rows + blockRows - 1) / blockRows;
    stationCount = from.varint(1, rows, "a number of stations");
    int size = from.varint(0, ChunkLimits.BYTES_MAX, "the size of the stations");
    stationsFrom = from.skip(size);
    stationsEnd = stationsFrom + size;
    var lanes = HeaderLanes.Reader.of(from);
    ByteReader table = from.section(PatternWriter.TABLE_CELLS_MAX);
    ByteReader texts = from.section(TEXTS_MAX);
    origins = readOrigins(lanes.meta());
    blockInfos = readBlocks(lanes.meta());
    runStations = SymbolTable.read(lanes);
    runLengths = SymbolTable.read(lanes);
    times = NumberColumn.read(lanes);
    patterns = NumberColumn.read(lanes);
    originColumn = NumberColumn.read(lanes);
    patternCount = lanes.meta().varint(1, PatternWriter.PATTERNS_MAX, "a number of patterns");
    int count = lanes.meta().varint(0, ChunkLimits.COLUMNS_MAX, "a number of columns");
    columns = new ArrayList<>(count);
    identities = new ArrayList<>(count);
    for (int c = 0; c < count; c++) {
      columns.add(ColumnReader.read(lanes, table, patternCount, texts));
      identities.add(columns.get(c).column());
      if (c > 0 && identities.get(c - 1).compareTo(identities.get(c)) >= 0) {
        throw ByteReader.corrupt("columns do not ascend");
      }
    }
    lanes.expectEnd();
    table.expectEnd();
    texts.expectEnd();
    boundKind = new byte[blocks * count];
    lower = new float[boundKind.length];
    upper = new float[boundKind.length];
    readBounds(from.section(boundKind.length * BOUND_MAX));
    partStart = new int[blocks * (KEY_PARTS + count) + 1];
    ByteReader sizes = from.section(partStart.length * SIZE_MAX);
    readParts(sizes, from);
    from.expectEnd();
  }

  private List<Origin> readOrigins(ByteReader meta) {
    int count = meta.varint(1, rows, "a number of origins");
    var list = new ArrayList<Origin>();
    for (int i = 0; i < count; i++) {
      list.add(HeaderTexts.readOrigin(meta));
    }
    return List.copyOf(list);
  }

  private List<BlockInfo> readBlocks(ByteReader meta) {
    var list = new ArrayList<BlockInfo>();
    for (int i = 0; i < blocks; i++) {
      list.add(BlockInfo.read(meta, stationCount));
    }
    return list;
  }

  private void readBounds(ByteReader bounds) {
    for (int i = 0; i < boundKind.length; i++) {
      boundKind[i] =
          (byte) bounds.varint(ColumnWriter.BOUND_ABSENT, ColumnWriter.BOUND_NUMBERS, "a bound");
      boolean numbers = boundKind[i] == ColumnWriter.BOUND_NUMBERS;
      lower[i] = numbers ? Float.intBitsToFloat(bounds.int32()) : Float.NaN;
      upper[i] = numbers ? Float.intBitsToFloat(bounds.int32()) : Float.NaN;
    }
    bounds.expectEnd();
  }

  private void readParts(ByteReader sizes, ByteReader payload) {
    for (int i = 0; i < partStart.length - 1; i++) {
      partStart[i] = payload.skip(sizes.varint(0, ChunkLimits.BYTES_MAX, "the size of a part"));
    }
    partStart[partStart.length - 1] = payload.position();
    sizes.expectEnd();
  }

  int rowsOf(int block) {
    return Math.min(blockRows, rows - block * blockRows);
  }

  /** Number of a part: {@code part} counts the key parts first, then the columns. */
  int part(int block, int part) {
    return block * (KEY_PARTS + columns.size()) + part;
  }
}
