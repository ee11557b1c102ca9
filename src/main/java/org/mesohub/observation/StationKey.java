package org.mesohub.observation;

import java.nio.charset.StandardCharsets;

/**
 * A station as the store knows it: station ids are unique only within their network.
 *
 * @param network canonical network id, for MesoWest the MNET number as text ({@code "8"})
 * @param station station id as the source writes it ({@code "KSLC"}), case kept
 */
public record StationKey(String network, String station) implements Comparable<StationKey> {
  /** Longest network or station id accepted, in UTF-8 bytes. */
  public static final int ID_BYTES_MAX = 64;

  private static final int UTF8_BYTES_PER_CHAR_MAX = 3;

  /** Whether an id is longer than is accepted. */
  public static boolean isTooLong(String id) {
    int length = id.length();
    boolean surelyNot = length <= ID_BYTES_MAX / UTF8_BYTES_PER_CHAR_MAX;
    return !surelyNot
        && (length > ID_BYTES_MAX || id.getBytes(StandardCharsets.UTF_8).length > ID_BYTES_MAX);
  }

  /** Orders by network, then station, both by UTF-16 code unit. */
  @Override
  @SuppressWarnings("ReferenceEquality") // neighbours share their network's text as a rule
  public int compareTo(StationKey other) {
    int byNetwork = network == other.network ? 0 : network.compareTo(other.network);
    return byNetwork != 0 ? byNetwork : station.compareTo(other.station);
  }

  @Override
  public String toString() {
    return network + "/" + station;
  }
}
