package org.mesohub.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Descriptors.ServiceDescriptor;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.mesohub.proto.contract.ContractProto;
import org.mesohub.proto.v1.BackupServiceGrpcService;
import org.mesohub.proto.v1.ClusterServiceGrpcService;
import org.mesohub.proto.v1.FederationServiceGrpcService;
import org.mesohub.proto.v1.ObservationServiceGrpcService;

class LeaderCallTest {
  /** Whoever adds a method decides here where it is answered. */
  @Test
  void everyPublicMethodIsAnsweredByTheLeaderOrWhereItLands() {
    var all = new TreeSet<String>();
    for (ServiceDescriptor service :
        List.of(
            ObservationServiceGrpcService.SERVICE_DESCRIPTOR,
            ClusterServiceGrpcService.SERVICE_DESCRIPTOR,
            BackupServiceGrpcService.SERVICE_DESCRIPTOR,
            FederationServiceGrpcService.SERVICE_DESCRIPTOR,
            ContractProto.getDescriptor().findServiceByName("CommunicationService"))) {
      service
          .getMethods()
          .forEach(method -> all.add("/" + service.getFullName() + "/" + method.getName()));
    }
    var here = new TreeSet<>(all);
    here.removeAll(LeaderCall.ALL.keySet());
    assertThat(all).containsAll(LeaderCall.ALL.keySet());
    assertThat(here).containsExactlyInAnyOrderElementsOf(answeredHere());
  }

  private static Set<String> answeredHere() {
    return Set.of(
        "/mesohub.v1.ObservationService/Status",
        "/mesohub.v1.ObservationService/Scrub",
        "/mesohub.v1.ClusterService/Status",
        "/mesohub.v1.FederationService/Peers",
        "/mesohub.v1.FederationService/Link",
        "/grpcComm.CommunicationService/ping",
        "/grpcComm.CommunicationService/updateBloomFilter",
        "/grpcComm.CommunicationService/getLeaderNode",
        "/grpcComm.CommunicationService/getClientStatus");
  }
}
