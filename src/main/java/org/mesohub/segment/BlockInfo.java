package org.mesohub.segment;

/**
 * What the header says of a block's keys.
 *
 * @param firstStation station of the first row, index into the dictionary
 * @param lastStation station of the last row
 */
record BlockInfo(
    int firstStation,
    int lastStation,
    long firstTimeMicros,
    long lastTimeMicros,
    long timeMinMicros,
    long timeMaxMicros,
    boolean singleVersions) {

  static BlockInfo of(KeyRows keys, int block) {
    int from = keys.blockStart(block);
    int to = keys.blockEnd(block);
    long min = Long.MAX_VALUE;
    long max = Long.MIN_VALUE;
    boolean single = true;
    for (int i = from; i < to; i++) {
      min = Math.min(min, keys.timeMicros()[i]);
      max = Math.max(max, keys.timeMicros()[i]);
      single &= i == from || !keys.repeatsKey(i);
    }
    return new BlockInfo(
        keys.station()[from],
        keys.station()[to - 1],
        keys.timeMicros()[from],
        keys.timeMicros()[to - 1],
        min,
        max,
        single);
  }

  void write(ByteWriter to) {
    to.varint(firstStation);
    to.varint(lastStation);
    to.signed(timeMinMicros);
    to.varint(timeMaxMicros - timeMinMicros);
    to.varint(firstTimeMicros - timeMinMicros);
    to.varint(lastTimeMicros - timeMinMicros);
    to.u8(singleVersions ? 1 : 0);
  }

  static BlockInfo read(ByteReader from, int stations) {
    int first = from.varint(0, stations - 1, "a station index");
    int last = from.varint(0, stations - 1, "a station index");
    long min = from.signed();
    long max = min + from.varint();
    long firstTime = min + from.varint();
    long lastTime = min + from.varint();
    boolean single = from.varint(0, 1, "a flag") == 1;
    return new BlockInfo(first, last, firstTime, lastTime, min, max, single);
  }
}
