package org.mesohub.bus;

import io.vertx.core.Vertx;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetClientOptions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.mesohub.placement.Member;
import org.mesohub.placement.Membership;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Pings every peer's address over the bus, tells how each one does, and says so once when that
 * changes. When a peer's address is dead although its port accepts connections, this node's own
 * address is registered anew: the peer's watchdog sees the same and does likewise, so that
 * whichever side lost it gets it back. The pings are also what teaches the endpoint its peers'
 * clocks.
 */
public final class BusWatchdog implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(BusWatchdog.class);
  private static final Duration INTERVAL = Duration.ofMillis(500);

  /** A peer that answers nothing for so long is told of; also the time between two remedies. */
  private static final Duration SILENCE = Duration.ofSeconds(3);

  private static final int CONNECT_TIMEOUT_MS = 1_000;

  /**
   * How a peer does.
   *
   * @param silentMillis since it last answered; -1 when it never did
   * @param roundTripMicros of the last answered ping; -1 when there is none
   * @param lateFrames dropped because they came too late
   */
  public record PeerState(
      String id, boolean up, long silentMillis, long roundTripMicros, long lateFrames) {}

  private final BusEndpoint endpoint;
  private final Membership membership;
  private final Vertx vertx;
  private final NetClient probe;
  private final long timer;
  private final long startedNanos = System.nanoTime();
  private final Map<String, Long> roundTrips = new ConcurrentHashMap<>();
  private final Map<String, Long> silentSinceRemedy = new ConcurrentHashMap<>();

  public BusWatchdog(BusEndpoint endpoint, Membership membership) {
    this.endpoint = endpoint;
    this.membership = membership;
    this.vertx = endpoint.vertx();
    this.probe =
        vertx.createNetClient(new NetClientOptions().setConnectTimeout(CONNECT_TIMEOUT_MS));
    this.timer = vertx.setPeriodic(0, INTERVAL.toMillis(), id -> look());
  }

  /** All peers, by id. */
  public List<PeerState> peers() {
    return endpoint.peerIds().stream().sorted().map(this::state).toList();
  }

  /** How a node does; one that is no peer has never answered. */
  public PeerState peer(String id) {
    return state(id);
  }

  private PeerState state(String id) {
    long silent = endpoint.silentMillis(id);
    return new PeerState(
        id,
        silent >= 0 && silent < SILENCE.toMillis(),
        silent,
        roundTrips.getOrDefault(id, -1L),
        endpoint.lateFrames(id));
  }

  private void look() {
    for (String id : endpoint.peerIds()) {
      endpoint
          .ping(id)
          .thenAccept(micros -> answered(id, micros))
          .exceptionally(
              failure -> {
                silent(id);
                return null;
              });
    }
  }

  private void answered(String id, long micros) {
    roundTrips.put(id, micros);
    if (silentSinceRemedy.remove(id) != null) {
      LOG.info("node {} answers on the bus again", id);
    }
  }

  private void silent(String id) {
    long now = System.nanoTime();
    long silent = endpoint.silentMillis(id);
    long millis = silent < 0 ? (now - startedNanos) / 1_000_000 : silent;
    if (millis < SILENCE.toMillis()) {
      return;
    }
    Long before = silentSinceRemedy.get(id);
    if (before == null) {
      LOG.warn("node {} has not answered on the bus for {} ms", id, millis);
    } else if (now - before < SILENCE.toNanos()) {
      return;
    }
    silentSinceRemedy.put(id, now);
    membership.now().member(id).ifPresent(this::remedy);
  }

  /** A port that is closed belongs to a node that does not run: nothing to remedy. */
  private void remedy(Member peer) {
    probe
        .connect(peer.busPort(), peer.host())
        .compose(
            socket -> {
              LOG.warn("node {} accepts connections: registering this node anew", peer.id());
              return socket.close().eventually(endpoint::listenAnew);
            })
        .onFailure(failure -> LOG.debug("node {} does not run", peer.id(), failure));
  }

  @Override
  public void close() {
    vertx.cancelTimer(timer);
    probe.close();
  }
}
