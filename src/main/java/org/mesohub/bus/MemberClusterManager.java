package org.mesohub.bus;

import com.hazelcast.config.Config;
import io.vertx.core.Completable;
import io.vertx.core.spi.cluster.NodeInfo;
import io.vertx.core.spi.cluster.RegistrationInfo;
import io.vertx.spi.cluster.hazelcast.HazelcastClusterManager;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.mesohub.placement.Member;
import org.mesohub.placement.Membership;

/**
 * A cluster manager that takes from the membership where the addresses of the members are, and from
 * nowhere else: node ids on the bus are member ids, and an address leads to the member's host and
 * bus port even while Hazelcast's maps are split, merging or lost. Addresses of anything else are
 * refused: the bus carries the log's messages only.
 */
final class MemberClusterManager extends HazelcastClusterManager {
  private final String clusterId;
  private final Membership membership;

  MemberClusterManager(Config config, String clusterId, Membership membership) {
    super(config);
    this.clusterId = clusterId;
    this.membership = membership;
  }

  private @Nullable Member at(String address) {
    return membership.now().all().stream()
        .filter(member -> BusEndpoint.address(clusterId, member.id()).equals(address))
        .findFirst()
        .orElse(null);
  }

  @Override
  public String getNodeId() {
    return membership.now().selfId();
  }

  @Override
  public List<String> getNodes() {
    return membership.now().all().stream().map(Member::id).toList();
  }

  @Override
  public void getNodeInfo(String nodeId, Completable<NodeInfo> promise) {
    membership
        .now()
        .member(nodeId)
        .ifPresentOrElse(
            member -> promise.succeed(new NodeInfo(member.host(), member.busPort(), null)),
            () -> promise.fail("no member " + nodeId));
  }

  @Override
  public void getRegistrations(String address, Completable<List<RegistrationInfo>> promise) {
    Member member = at(address);
    promise.succeed(
        member == null ? List.of() : List.of(new RegistrationInfo(member.id(), 0, false)));
  }

  @Override
  public void addRegistration(
      String address, RegistrationInfo registration, Completable<Void> promise) {
    if (registration.localOnly() || at(address) != null) {
      promise.succeed();
    } else {
      promise.fail(new IllegalArgumentException("the bus carries no " + address));
    }
  }

  @Override
  public void removeRegistration(
      String address, RegistrationInfo registration, Completable<Void> promise) {
    promise.succeed();
  }
}
