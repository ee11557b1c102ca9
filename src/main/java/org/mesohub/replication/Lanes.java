package org.mesohub.replication;

import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.mesohub.placement.Member;
import org.mesohub.placement.Members;
import org.mesohub.placement.Membership;
import org.mesohub.segment.ChunkId;
import org.mesohub.store.ChunkStore.Blob;
import org.mesohub.store.StoreException;
import org.mesohub.store.StoreException.Reason;

/**
 * The ways to all members of now, this node first. One to a member that stays as it is stays, too,
 * with what is under way. Thread-safe.
 */
final class Lanes {
  private final LocalChunks local;
  private final Supplier<? extends List<? extends Replica>> others;
  private final ReplicationLimits limits;
  private volatile Known known = new Known(null, Map.of());

  /** Members and the ways to them, which change together. */
  private record Known(@Nullable Members members, Map<String, Lane> lanes) {}

  /**
   * @param others what the other members of now store; told of a change before this is
   */
  Lanes(
      Membership membership,
      LocalChunks local,
      Supplier<? extends List<? extends Replica>> others,
      ReplicationLimits limits) {
    this.local = local;
    this.others = others;
    this.limits = limits;
    membership.onChange(this::become);
  }

  private void become(Members members) {
    Map<String, Lane> before = known.lanes;
    Map<String, Lane> now = new LinkedHashMap<>();
    List<Replica> replicas = new ArrayList<>();
    replicas.add(local);
    replicas.addAll(others.get());
    for (Replica replica : replicas) {
      Lane old = before.get(replica.member().id());
      now.put(
          replica.member().id(),
          old != null && old.replica().equals(replica) ? old : Lane.to(replica, limits));
    }
    known = new Known(members, now);
  }

  /** The members that the ways lead to. */
  Members members() {
    Members members = known.members;
    if (members == null) {
      throw new IllegalStateException("the members are told when this is made");
    }
    return members;
  }

  List<Lane> all() {
    return List.copyOf(known.lanes.values());
  }

  @Nullable Lane find(String id) {
    return known.lanes.get(id);
  }

  /** The way to a member; one that has gone meanwhile does not answer. */
  Lane to(Member member) {
    Lane lane = find(member.id());
    return lane == null ? Lane.to(new Gone(member), limits) : lane;
  }

  /** A member that is none any more. */
  private record Gone(Member member) implements Replica {
    private <T> Future<T> gone() {
      return Future.failedFuture(
          new StoreException(
              Reason.UNAVAILABLE, member.id() + " is no member of this cluster any more", null));
    }

    @Override
    public Future<Void> put(long condemnEpoch, List<Blob> chunks) {
      return gone();
    }

    @Override
    public Future<Void> replace(long condemnEpoch, Blob chunk) {
      return gone();
    }

    @Override
    public Future<byte[]> get(ChunkId id, boolean healing) {
      return gone();
    }

    @Override
    public Future<Set<ChunkId>> present(Collection<ChunkId> ids) {
      return gone();
    }

    @Override
    public Future<Void> delete(long condemnEpoch, Collection<ChunkId> ids) {
      return gone();
    }

    @Override
    public Future<List<ChunkId>> list(@Nullable ChunkId after, int limit) {
      return gone();
    }

    @Override
    public Future<ReplicaStat> stat() {
      return gone();
    }
  }
}
