package org.mesohub.catalog;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.mesohub.observation.StationSelector;
import org.mesohub.observation.TimeRange;
import org.mesohub.segment.Tombstone;

/** Tombstones to and from their stored form. */
public final class Tombstones {
  private Tombstones() {}

  /** Stored form of a tombstone. */
  public static org.mesohub.proto.internal.v1.Tombstone toProto(Tombstone tombstone) {
    var proto =
        org.mesohub.proto.internal.v1.Tombstone.newBuilder()
            .setCommit(tombstone.commit())
            .setFromUs(tombstone.range().fromMicros())
            .setToUs(tombstone.range().toMicros())
            .addAllNetworks(tombstone.networks().stream().sorted().toList());
    for (StationSelector station : tombstone.stations()) {
      proto.addStations(station.network()).addStations(station.station());
    }
    return proto.build();
  }

  static Tombstone fromProto(org.mesohub.proto.internal.v1.Tombstone proto, long commit) {
    List<StationSelector> stations = new ArrayList<>();
    for (int i = 0; i + 1 < proto.getStationsCount(); i += 2) {
      stations.add(new StationSelector(proto.getStations(i), proto.getStations(i + 1)));
    }
    return new Tombstone(
        commit,
        new TimeRange(proto.getFromUs(), proto.getToUs()),
        Set.copyOf(proto.getNetworksList()),
        List.copyOf(stations));
  }
}
