package org.mesohub.routing;

import java.util.SortedSet;

/**
 * What a cluster says of its holdings.
 *
 * @param cluster id of the cluster whose holdings these are, which may be another than the one that
 *     passed the digest on
 * @param generation rises whenever the filter is made anew, so that bits may have gone
 * @param version of the catalogue: rises with every commit that changes a day
 * @param completeToMicros rows that were acknowledged before this instant are in the filter,
 *     microseconds since 1970
 * @param firstDay first epoch day with rows
 * @param lastDay last epoch day with rows; before {@code firstDay} when there are none
 * @param networks networks with rows on any day
 * @param filter days and (day, network) pairs with rows
 */
public record Digest(
    String cluster,
    long generation,
    long version,
    long completeToMicros,
    int firstDay,
    int lastDay,
    SortedSet<String> networks,
    DayFilter filter) {
  /** The same, still right at a later version. */
  public Digest at(long laterVersion) {
    return new Digest(
        cluster, generation, laterVersion, completeToMicros, firstDay, lastDay, networks, filter);
  }

  /** Whether rows of a network's day may be there, if it is current. */
  public boolean mayHold(int epochDay, String network) {
    return filter.isSaturated()
        || (networks.contains(network) && filter.mayHold(epochDay, network));
  }

  /** Whether any rows of a day may be there, if it is current. */
  public boolean mayHold(int epochDay) {
    return filter.isSaturated() || filter.mayHold(epochDay);
  }
}
