package org.mesohub.segment;

import java.util.List;
import java.util.Set;
import org.mesohub.observation.StationKey;
import org.mesohub.observation.StationSelector;
import org.mesohub.observation.TimeRange;

/**
 * A deletion: versions committed before it that match are gone for reads at or after its commit.
 *
 * @param commit commit of the deletion
 * @param range times deleted
 * @param networks networks deleted; empty for every network
 * @param stations stations deleted; empty for every station
 */
public record Tombstone(
    long commit, TimeRange range, Set<String> networks, List<StationSelector> stations) {
  /** Whether the selector covers a station, whatever the time. */
  public boolean covers(StationKey key) {
    return (networks.isEmpty() || networks.contains(key.network()))
        && (stations.isEmpty() || stations.stream().anyMatch(s -> s.matches(key)));
  }
}
