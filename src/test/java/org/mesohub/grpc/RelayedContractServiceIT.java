package org.mesohub.grpc;

import java.util.List;

/** Clients of 2018 see the same of a leader through a node that relays. */
class RelayedContractServiceIT extends ContractServiceIT {
  @Override
  PublicPort made() throws Exception {
    return PublicPort.relayed(Principals.of(List.of()));
  }
}
