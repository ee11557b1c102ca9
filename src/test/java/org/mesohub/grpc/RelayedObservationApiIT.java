package org.mesohub.grpc;

import java.util.List;

/** What a client sees of a leader through a node that relays is what it sees of the leader. */
class RelayedObservationApiIT extends ObservationApiIT {
  @Override
  PublicPort made() throws Exception {
    return PublicPort.relayed(Principals.of(List.of()));
  }
}
