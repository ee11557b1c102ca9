package org.mesohub.segment;

/** Decodes the runs of stations of a block. */
final class RunReader {
  private RunReader() {}

  static RunIndex read(
      ChunkHeader header, BlockInfo info, int rows, byte[] bytes, int from, int end) {
    var reader = new ByteReader(bytes, from, end);
    int count = reader.varint(1, rows, "a number of station runs");
    var numbers = new long[count];
    int at = header.runStations.decode(bytes, reader.position(), end, count, numbers, 0);
    var station = new int[count];
    long current = info.firstStation() - 1L;
    for (int i = 0; i < count; i++) {
      current += numbers[i];
      if (current < 0 || current >= header.stationCount) {
        throw ByteReader.corrupt("a station is not in the dictionary");
      }
      station[i] = (int) current;
    }
    at = header.runLengths.decode(bytes, at, end, count, numbers, 0);
    if (at != end) {
      throw ByteReader.corrupt("the station runs of a block are longer than their content");
    }
    var start = new int[count + 1];
    long row = 0;
    for (int i = 0; i < count; i++) {
      start[i] = (int) row;
      row += numbers[i];
      if (numbers[i] < 1 || row > rows) {
        throw ByteReader.corrupt("a station run does not fit its block");
      }
    }
    if (row != rows) {
      throw ByteReader.corrupt("station runs do not fill their block");
    }
    start[count] = rows;
    return new RunIndex(rows, count, start, station, header.stationCount);
  }
}
