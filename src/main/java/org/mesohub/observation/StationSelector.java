package org.mesohub.observation;

/**
 * Names a station in one network or in any.
 *
 * @param network network id, empty for any
 * @param station station id
 */
public record StationSelector(String network, String station) {
  /** Parses {@code "KSLC"} (any network) or {@code "1/KSLC"}; only the first slash separates. */
  public static StationSelector parse(String text) {
    int slash = text.indexOf('/');
    return slash < 0
        ? new StationSelector("", text)
        : new StationSelector(text.substring(0, slash), text.substring(slash + 1));
  }

  public boolean matches(StationKey key) {
    return station.equals(key.station()) && (network.isEmpty() || network.equals(key.network()));
  }
}
