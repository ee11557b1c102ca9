package org.mesohub.segment;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Which of two versions of a key wins: (its cluster owns the network, origin commit time, cluster
 * id, local commit).
 */
public final class VersionRank {
  /** Owning clusters by network. */
  private final Map<String, Set<String>> owners = new HashMap<>();

  /**
   * @param owned pairs written {@code network + "\t" + cluster}
   */
  public VersionRank(Set<String> owned) {
    for (String pair : owned) {
      int tab = pair.indexOf('\t');
      if (tab < 0) {
        throw new IllegalArgumentException(
            "an owner is written network, tab, cluster; got \"" + pair + "\"");
      }
      owners
          .computeIfAbsent(pair.substring(0, tab), network -> new HashSet<>())
          .add(pair.substring(tab + 1));
    }
  }

  /** The clusters that own a network. */
  public Set<String> owners(String network) {
    return owners.getOrDefault(network, Set.of());
  }

  /** Compares versions of one key; the greater wins, of equal ones the later in the batch. */
  public static int compare(Origin a, Origin b, Set<String> owners) {
    if (a == b) {
      return 0;
    }
    int byOwner = Boolean.compare(owners.contains(a.cluster()), owners.contains(b.cluster()));
    if (byOwner != 0) {
      return byOwner;
    }
    int byTime = Long.compare(a.originTimeMicros(), b.originTimeMicros());
    if (byTime != 0) {
      return byTime;
    }
    int byCluster = a.cluster().compareTo(b.cluster());
    return byCluster != 0 ? byCluster : Long.compare(a.commit(), b.commit());
  }
}
