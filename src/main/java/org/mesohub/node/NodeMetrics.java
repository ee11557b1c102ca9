package org.mesohub.node;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import java.util.List;
import java.util.function.ToDoubleFunction;
import org.mesohub.api.FederationApi;
import org.mesohub.api.FederationApi.Counts;
import org.mesohub.bus.BusWatchdog;
import org.mesohub.cluster.RatisLog;
import org.mesohub.placement.Member;
import org.mesohub.placement.Membership;
import org.mesohub.replication.Repair;
import org.mesohub.replication.ReplicationCounters;
import org.mesohub.replication.Scrub;
import org.mesohub.upkeep.Upkeep;

/** What a node measures of itself and of the others beside calls: see docs/OPERATIONS.md. */
final class NodeMetrics {
  private static final double MILLIS = 1e3;
  private static final double MICROS = 1e6;

  private final MeterRegistry registry;

  NodeMetrics(MeterRegistry registry) {
    this.registry = registry;
  }

  /** Every node's own. */
  void node(RatisLog log, LocalRoom room, Upkeep upkeep, Scrub scrub) {
    log(log);
    room(room);
    upkeep(upkeep);
    scrub(scrub);
  }

  private void log(RatisLog log) {
    gauge("mesohub.raft.term", log, l -> l.status().term());
    gauge("mesohub.raft.leads", log, l -> l.reign() > 0 ? 1 : 0);
    gauge("mesohub.raft.commit.index", log, l -> l.status().commitIndex());
    gauge("mesohub.raft.applied.index", log, l -> l.status().appliedIndex());
    gauge("mesohub.raft.voters", log, l -> l.status().voters().size());
    gauge("mesohub.raft.trouble", log, l -> l.trouble().isPresent() ? 1 : 0);
  }

  private void room(LocalRoom room) {
    gauge("mesohub.data.used.bytes", room, LocalRoom::usedBytes);
    gauge("mesohub.data.disk.free.bytes", room, LocalRoom::diskFreeBytes);
    gauge("mesohub.data.full", room, r -> r.now().full() ? 1 : 0);
  }

  private void upkeep(Upkeep upkeep) {
    counter("mesohub.upkeep.compacted.days", upkeep, u -> u.counters().compacted().sum());
    counter("mesohub.upkeep.collected.chunks", upkeep, u -> u.counters().collected().sum());
    counter("mesohub.upkeep.failures", upkeep, u -> u.counters().failures().sum());
  }

  private void scrub(Scrub scrub) {
    counter("mesohub.scrub.rounds", scrub, s -> s.rounds().begun());
    gauge("mesohub.scrub.running", scrub, s -> s.rounds().running() ? 1 : 0);
    counter("mesohub.scrub.chunks", scrub, s -> s.total().chunks());
    counter("mesohub.scrub.bytes", scrub, s -> s.total().bytes());
    counter("mesohub.scrub.corrupt", scrub, s -> s.total().corrupt());
    counter("mesohub.scrub.healed", scrub, s -> s.total().healed());
  }

  void repair(Repair repair) {
    counter("mesohub.repair.copies", repair, Repair::copies);
    gauge("mesohub.repair.round.checked", repair, r -> r.progress().checked());
    gauge(
        "mesohub.repair.round.lacking",
        repair,
        r -> r.progress().missing() - r.progress().copied());
    gauge("mesohub.repair.round.lost", repair, r -> r.progress().lost());
    gauge("mesohub.repair.round.unheard", repair, r -> r.progress().unheard());
  }

  void replication(ReplicationCounters counters) {
    counter("mesohub.replication.chunks.whole", counters, c -> c.replicated().sum());
    counter("mesohub.replication.chunks.short", counters, c -> c.underReplicated().sum());
    counter("mesohub.replication.read.repairs", counters, c -> c.readRepairs().sum());
    counter("mesohub.replication.remote.reads", counters, c -> c.remoteReads().sum());
  }

  /** The other members, who may change. */
  void members(Membership membership, RatisLog log, ReplicationCounters counters) {
    MultiGauge lag = MultiGauge.builder("mesohub.raft.follower.lag").register(registry);
    MultiGauge failures = MultiGauge.builder("mesohub.replication.failures").register(registry);
    MultiGauge leaving = MultiGauge.builder("mesohub.member.leaving").register(registry);
    membership.onChange(
        now -> {
          lag.register(rows(now.others(), id -> lag(log, id)), true);
          failures.register(
              rows(
                  now.others(),
                  id -> {
                    var failed = counters.failures().get(id);
                    return failed == null ? 0 : failed.sum();
                  }),
              true);
          leaving.register(rows(now.all(), id -> now.leaving().contains(id) ? 1 : 0), true);
        });
  }

  void clocks(Membership membership, PeerClocks clocks) {
    MultiGauge ahead = MultiGauge.builder("mesohub.member.clock.ahead.seconds").register(registry);
    membership.onChange(now -> ahead.register(rows(now.others(), clocks::seconds), true));
  }

  void bus(Membership membership, BusWatchdog bus) {
    MultiGauge up = MultiGauge.builder("mesohub.bus.up").register(registry);
    MultiGauge round = MultiGauge.builder("mesohub.bus.round.trip.seconds").register(registry);
    MultiGauge silent = MultiGauge.builder("mesohub.bus.silent.seconds").register(registry);
    MultiGauge late = MultiGauge.builder("mesohub.bus.late.frames").register(registry);
    membership.onChange(
        now -> {
          List<Member> others = now.others();
          up.register(rows(others, id -> bus.peer(id).up() ? 1 : 0), true);
          round.register(rows(others, id -> known(bus.peer(id).roundTripMicros(), MICROS)), true);
          silent.register(rows(others, id -> known(bus.peer(id).silentMillis(), MILLIS)), true);
          late.register(rows(others, id -> bus.peer(id).lateFrames()), true);
        });
  }

  /** Other clusters, by their place in the configuration. */
  void peers(FederationApi federation) {
    List<FederationApi.PeerState> peers = federation.peers();
    for (int i = 0; i < peers.size(); i++) {
      int place = i;
      Tags peer = Tags.of("peer", peers.get(i).cluster());
      Gauge.builder("mesohub.peer.current", federation, f -> f.peers().get(place).current() ? 1 : 0)
          .tags(peer)
          .strongReference(true)
          .register(registry);
      count("mesohub.peer.asked", peer, federation, place, Counts::asked);
      count("mesohub.peer.avoided", peer, federation, place, Counts::avoided);
      count("mesohub.peer.in.vain", peer, federation, place, Counts::inVain);
      count("mesohub.peer.failed", peer, federation, place, Counts::failed);
      count("mesohub.peer.rows", peer, federation, place, Counts::rows);
    }
  }

  private void count(
      String name, Tags peer, FederationApi of, int place, ToDoubleFunction<Counts> value) {
    FunctionCounter.builder(name, of, f -> value.applyAsDouble(f.peers().get(place).counts()))
        .tags(peer)
        .register(registry);
  }

  /** Known at the leader only. */
  private static double lag(RatisLog log, String id) {
    var follower = log.progress().followers().get(id);
    return follower == null ? Double.NaN : follower.lag();
  }

  private static double known(long value, double unit) {
    return value < 0 ? Double.NaN : value / unit;
  }

  private static List<MultiGauge.Row<?>> rows(
      List<Member> members, ToDoubleFunction<String> value) {
    return members.stream()
        .<MultiGauge.Row<?>>map(
            member -> MultiGauge.Row.of(Tags.of("member", member.id()), member.id(), value))
        .toList();
  }

  private <T> void gauge(String name, T of, ToDoubleFunction<T> value) {
    Gauge.builder(name, of, value).strongReference(true).register(registry);
  }

  private <T> void counter(String name, T of, ToDoubleFunction<T> value) {
    FunctionCounter.builder(name, of, value).register(registry);
  }
}
