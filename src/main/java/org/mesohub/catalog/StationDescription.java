package org.mesohub.catalog;

import java.math.BigDecimal;
import org.mesohub.observation.StationKey;

/**
 * A station as station lists describe it; texts are empty where none said anything.
 *
 * @param latitude degrees north, decimal text
 * @param longitude degrees east, decimal text
 * @param elevation metres above sea level, decimal text
 * @param networkName name of the network
 * @param status as the list writes it, such as ACTIVE
 * @param source what the put that changed it last named as its source
 */
public record StationDescription(
    StationKey key,
    String name,
    String state,
    String country,
    String latitude,
    String longitude,
    String elevation,
    String networkName,
    String status,
    String source) {
  /**
   * This description with what a later one says; itself when that says nothing new. What the later
   * one leaves empty stays, and so does a number that is written otherwise but equal.
   */
  public StationDescription with(StationDescription later) {
    var merged =
        new StationDescription(
            key,
            text(name, later.name),
            text(state, later.state),
            text(country, later.country),
            number(latitude, later.latitude),
            number(longitude, later.longitude),
            number(elevation, later.elevation),
            text(networkName, later.networkName),
            text(status, later.status),
            source);
    return merged.equals(this) ? this : merged.from(later.source);
  }

  private StationDescription from(String newSource) {
    return new StationDescription(
        key, name, state, country, latitude, longitude, elevation, networkName, status, newSource);
  }

  private static String text(String old, String later) {
    return later.isEmpty() ? old : later;
  }

  private static String number(String old, String later) {
    boolean equal =
        later.isEmpty()
            || (!old.isEmpty() && new BigDecimal(old).compareTo(new BigDecimal(later)) == 0);
    return equal ? old : later;
  }
}
