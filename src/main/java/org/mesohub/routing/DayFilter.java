package org.mesohub.routing;

import java.nio.charset.StandardCharsets;
import java.util.BitSet;
import orestes.bloomfilter.BloomFilter;
import orestes.bloomfilter.FilterBuilder;
import orestes.bloomfilter.HashProvider.HashMethod;
import orestes.bloomfilter.memory.BloomFilterMemory;

/**
 * A Bloom filter (Orestes) of UTC days and of (UTC day, network) pairs: "no" is certain, "maybe" is
 * wrong for one key in a hundred while no more keys are in it than it was made for. Two clusters
 * read each other's filters, so bits and hashes are the same in every release: key bytes are the
 * epoch day as 4 bytes, big-endian, and the network in UTF-8 after it, hashed by Murmur3 as Kirsch
 * and Mitzenmacher combine it (2006). Not thread-safe while keys are added.
 */
public final class DayFilter {
  /** Share of absent keys that are taken for present in a filter as full as it may be. */
  public static final double FALSE_POSITIVES = 0.01;

  /** Share of bits set from which on a filter says nothing: everything may be there. */
  public static final double SATURATED = 0.65;

  /** Largest filter of a peer that is accepted: 60 million keys. */
  public static final int BITS_MAX = 1 << 29;

  /** Most hashes of a key. */
  public static final int HASHES_MAX = 32;

  private static final HashMethod HASH = HashMethod.Murmur3KirschMitzenmacher;

  private final BloomFilterMemory<String> bits;
  private int set;

  private DayFilter(BloomFilterMemory<String> bits) {
    this.bits = bits;
    this.set = bits.getBitSet().cardinality();
  }

  /**
   * An empty filter.
   *
   * @param keys so many keys fill half of its bits
   */
  public static DayFilter empty(int keys) {
    if (keys < 1) {
      throw new IllegalArgumentException("a filter is made for at least one key, got " + keys);
    }
    int size = FilterBuilder.optimalM(keys, FALSE_POSITIVES);
    return empty(size, FilterBuilder.optimalK(keys, size));
  }

  private static DayFilter empty(int bits, int hashes) {
    BloomFilter<String> made =
        new FilterBuilder(bits, hashes).hashFunction(HASH).buildBloomFilter();
    return new DayFilter((BloomFilterMemory<String>) made);
  }

  /**
   * A filter as another cluster sent it.
   *
   * @param bits number of bits, 1 to {@link #BITS_MAX}
   * @param hashes hashes of each key, 1 to {@link #HASHES_MAX}
   * @param words the bits, eight to a byte, the lowest first; trailing zero bytes may be left out
   * @throws IllegalArgumentException when the three do not fit together
   */
  public static DayFilter of(int bits, int hashes, byte[] words) {
    if (bits < 1 || bits > BITS_MAX || hashes < 1 || hashes > HASHES_MAX) {
      throw new IllegalArgumentException(
          "a filter of %d bits and %d hashes: expected 1 to %d and 1 to %d"
              .formatted(bits, hashes, BITS_MAX, HASHES_MAX));
    }
    BitSet set = BitSet.valueOf(words);
    if (set.length() > bits) {
      throw new IllegalArgumentException(
          "bit %d is set in a filter of %d bits".formatted(set.length() - 1, bits));
    }
    DayFilter filter = empty(bits, hashes);
    filter.bits.setBitSet(set);
    return new DayFilter(filter.bits);
  }

  /** Adds a day, whatever the network. */
  void add(int epochDay) {
    addRaw(key(epochDay, ""));
  }

  /** Adds a network's day. */
  void add(int epochDay, String network) {
    addRaw(key(epochDay, network));
  }

  private void addRaw(byte[] key) {
    if (bits.addRaw(key)) {
      set = -1;
    }
  }

  /** False: no row of this day is there. */
  public boolean mayHold(int epochDay) {
    return bits.contains(key(epochDay, ""));
  }

  /** False: no row of this network and day is there. */
  public boolean mayHold(int epochDay, String network) {
    return bits.contains(key(epochDay, network));
  }

  /** Share of bits that are set. */
  public double fill() {
    if (set < 0) {
      set = bits.getBitSet().cardinality();
    }
    return set / (double) bits.getSize();
  }

  /** Whether it is too full to say no. */
  public boolean isSaturated() {
    return fill() > SATURATED;
  }

  /** Number of bits. */
  public int bits() {
    return bits.getSize();
  }

  /** Hashes of each key. */
  public int hashes() {
    return bits.getHashes();
  }

  /** The bits as {@link #of} takes them. */
  public byte[] words() {
    return bits.getBitSet().toByteArray();
  }

  /** One that does not change with this. */
  DayFilter copy() {
    return of(bits(), hashes(), words());
  }

  /** A day alone is the day of the network without a name, which no network is. */
  private static byte[] key(int epochDay, String network) {
    byte[] name = network.getBytes(StandardCharsets.UTF_8);
    var key = new byte[Integer.BYTES + name.length];
    for (int i = 0; i < Integer.BYTES; i++) {
      key[i] = (byte) (epochDay >>> (24 - 8 * i));
    }
    System.arraycopy(name, 0, key, Integer.BYTES, name.length);
    return key;
  }
}
