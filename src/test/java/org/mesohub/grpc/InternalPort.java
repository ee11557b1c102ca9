package org.mesohub.grpc;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Vertx;
import io.vertx.grpc.server.Service;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.mesohub.api.ClusterApi;
import org.mesohub.http.Readiness;
import org.mesohub.placement.Member;
import org.mesohub.tls.PeerTls;

/** The internal port of a node on loopback. Ends with its Vert.x, or before. */
record InternalPort(Vertx vertx, String deployment, Member member) {
  /** Of a node that leads and serves ClusterService. */
  static InternalPort open(Vertx vertx, FakeNode node, ClusterApi cluster, @Nullable PeerTls tls)
      throws Exception {
    return open(vertx, node, cluster, FakeLeadership.self(), tls);
  }

  static InternalPort open(
      Vertx vertx, FakeNode node, Leadership leadership, @Nullable PeerTls tls, Service... further)
      throws Exception {
    return open(vertx, node, null, leadership, tls, further);
  }

  private static InternalPort open(
      Vertx vertx,
      FakeNode node,
      @Nullable ClusterApi cluster,
      Leadership leadership,
      @Nullable PeerTls tls,
      Service... further)
      throws Exception {
    var services =
        new GrpcServices(
            node,
            Principals.of(List.of()),
            new GrpcMetrics(new SimpleMeterRegistry()),
            new Readiness(vertx, node::ready),
            cluster,
            null);
    var guard = new PortGuard(PortLimits.of(Runtime.getRuntime().maxMemory()));
    var server =
        new InternalServerVerticle(
            new GrpcOptions("127.0.0.1", 0, 0), services, List.of(further), guard, leadership, tls);
    String deployment = PublicPort.await(vertx.deployVerticle(server));
    return new InternalPort(vertx, deployment, FakeLeadership.member("n1", server.port()));
  }

  void close() throws Exception {
    PublicPort.await(vertx.undeploy(deployment));
  }
}
