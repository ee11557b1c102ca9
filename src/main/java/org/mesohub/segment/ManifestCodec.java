package org.mesohub.segment;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.mesohub.observation.Column;
import org.mesohub.observation.StationKey;

/**
 * The bytes of a manifest: magic, version, tables of the distinct column lists and network lists,
 * runs, hashes apart from the rest because they do not pack, checksum.
 */
final class ManifestCodec {
  private static final byte[] MAGIC = {'M', 'H', 'M', 'F'};
  private static final int VERSION = 1;
  private static final int CHECKSUM = 4;

  /** Chunks named by one manifest: 256 Gi bytes and 17 G rows when all are full. */
  static final int CHUNKS_MAX = 1 << 18;

  /** Unpacked bytes of a part. */
  static final int PART_MAX = 1 << 26;

  private ManifestCodec() {}

  static byte[] encode(Manifest manifest) {
    var columnLists = new LinkedHashMap<List<Column>, Integer>();
    var networkLists = new LinkedHashMap<List<String>, Integer>();
    var body = new ByteWriter(4096);
    var hashes = new ByteWriter(4096);
    body.varint(manifest.runs().size());
    for (List<ChunkSummary> run : manifest.runs()) {
      body.varint(run.size());
      for (ChunkSummary chunk : run) {
        hashes.raw(chunk.id().hash());
        body.varint(columnLists.computeIfAbsent(chunk.columns(), k -> columnLists.size()));
        body.varint(networkLists.computeIfAbsent(chunk.networks(), k -> networkLists.size()));
        writeSummary(body, chunk);
      }
    }
    checkLimits(manifest, hashes, body);
    var out = new ByteWriter(hashes.size() + 4096);
    out.raw(MAGIC);
    out.u8(VERSION);
    out.section(tables(columnLists, networkLists));
    out.section(body);
    out.section(hashes);
    out.int32(ChunkFormat.checksum(out.array(), out.size()));
    return out.toByteArray();
  }

  private static void checkLimits(Manifest manifest, ByteWriter hashes, ByteWriter body) {
    boolean empty = manifest.runs().isEmpty() || manifest.runs().stream().anyMatch(List::isEmpty);
    if (empty) {
      throw new IllegalArgumentException("a manifest needs a run and each run a chunk");
    }
    if (hashes.size() / ChunkId.BYTES > CHUNKS_MAX || body.size() > PART_MAX) {
      throw new IllegalArgumentException(
          "a manifest names at most " + CHUNKS_MAX + " chunks; commit in several parts");
    }
  }

  private static ByteWriter tables(
      Map<List<Column>, Integer> columnLists, Map<List<String>, Integer> networkLists) {
    var tables = new ByteWriter(1024);
    tables.varint(columnLists.size());
    for (List<Column> columns : columnLists.keySet()) {
      tables.varint(columns.size());
      columns.forEach(column -> HeaderTexts.write(tables, column));
    }
    tables.varint(networkLists.size());
    for (List<String> networks : networkLists.keySet()) {
      tables.varint(networks.size());
      networks.forEach(network -> tables.text(network, StationKey.ID_BYTES_MAX));
    }
    return tables;
  }

  private static void writeSummary(ByteWriter to, ChunkSummary chunk) {
    to.varint(chunk.bytes());
    to.varint(chunk.rows());
    writeKey(to, chunk.first());
    writeKey(to, chunk.last());
    to.signed(chunk.timeMinMicros());
    to.signed(chunk.timeMaxMicros());
    to.u8(chunk.singleVersions() ? 1 : 0);
  }

  private static void writeKey(ByteWriter to, RowKey key) {
    to.text(key.station().network(), StationKey.ID_BYTES_MAX);
    to.text(key.station().station(), StationKey.ID_BYTES_MAX);
    to.signed(key.timeMicros());
  }

  static Manifest decode(byte[] bytes) {
    ByteReader reader = checkFrame(bytes);
    ByteReader tables = reader.section(PART_MAX);
    ByteReader body = reader.section(PART_MAX);
    ByteReader hashes = reader.section(CHUNKS_MAX * ChunkId.BYTES);
    reader.expectEnd();
    List<List<Column>> columnLists = readColumnLists(tables);
    List<List<String>> networkLists = readNetworkLists(tables);
    tables.expectEnd();
    int runCount = body.varint(1, CHUNKS_MAX, "a number of runs");
    var runs = new ArrayList<List<ChunkSummary>>();
    for (int run = 0; run < runCount; run++) {
      int chunkCount = body.varint(1, CHUNKS_MAX, "a number of chunks");
      var chunks = new ArrayList<ChunkSummary>();
      for (int i = 0; i < chunkCount; i++) {
        chunks.add(readSummary(body, hashes, columnLists, networkLists));
      }
      runs.add(List.copyOf(chunks));
    }
    body.expectEnd();
    hashes.expectEnd();
    return new Manifest(List.copyOf(runs));
  }

  private static ByteReader checkFrame(byte[] bytes) {
    int prefix = MAGIC.length + 1;
    if (bytes.length < prefix + CHECKSUM
        || !Arrays.equals(bytes, 0, MAGIC.length, MAGIC, 0, MAGIC.length)) {
      throw ByteReader.corrupt("this is not a manifest");
    }
    if (bytes[MAGIC.length] != VERSION) {
      throw new CorruptChunkException(
          "the manifest has format version "
              + (bytes[MAGIC.length] & 0xff)
              + ", this release reads version "
              + VERSION
              + "; run a release that knows it");
    }
    int end = bytes.length - CHECKSUM;
    if (new ByteReader(bytes, end, bytes.length).int32() != ChunkFormat.checksum(bytes, end)) {
      throw ByteReader.corrupt("the manifest's checksum is wrong");
    }
    return new ByteReader(bytes, prefix, end);
  }

  private static List<List<Column>> readColumnLists(ByteReader tables) {
    int count = tables.varint(1, CHUNKS_MAX, "a number of column lists");
    var lists = new ArrayList<List<Column>>();
    for (int i = 0; i < count; i++) {
      int size = tables.varint(0, ChunkLimits.COLUMNS_MAX, "a number of columns");
      var list = new ArrayList<Column>();
      for (int c = 0; c < size; c++) {
        list.add(HeaderTexts.readColumn(tables));
      }
      lists.add(List.copyOf(list));
    }
    return lists;
  }

  private static List<List<String>> readNetworkLists(ByteReader tables) {
    int count = tables.varint(1, CHUNKS_MAX, "a number of network lists");
    var lists = new ArrayList<List<String>>();
    for (int i = 0; i < count; i++) {
      int size = tables.varint(1, ChunkLimits.ROWS_MAX, "a number of networks");
      var list = new ArrayList<String>();
      for (int n = 0; n < size; n++) {
        list.add(tables.text(StationKey.ID_BYTES_MAX));
      }
      lists.add(List.copyOf(list));
    }
    return lists;
  }

  private static ChunkSummary readSummary(
      ByteReader body,
      ByteReader hashes,
      List<List<Column>> columnLists,
      List<List<String>> networkLists) {
    var id = ChunkId.ofHash(hashes.raw(ChunkId.BYTES));
    var columns = columnLists.get(body.varint(0, columnLists.size() - 1, "a column list"));
    var networks = networkLists.get(body.varint(0, networkLists.size() - 1, "a network list"));
    int size = body.varint(1, ChunkLimits.BYTES_MAX, "a chunk's size");
    int rows = body.varint(1, ChunkLimits.ROWS_MAX, "a chunk's number of rows");
    RowKey first = readKey(body);
    RowKey last = readKey(body);
    long min = body.signed();
    long max = body.signed();
    boolean single = body.varint(0, 1, "a flag") == 1;
    return new ChunkSummary(id, size, rows, first, last, min, max, networks, columns, single);
  }

  private static RowKey readKey(ByteReader body) {
    String network = body.text(StationKey.ID_BYTES_MAX);
    String station = body.text(StationKey.ID_BYTES_MAX);
    return new RowKey(new StationKey(network, station), body.signed());
  }
}
