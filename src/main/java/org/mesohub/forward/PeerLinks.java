package org.mesohub.forward;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;
import org.mesohub.api.ApiException;
import org.mesohub.api.ApiException.Reason;
import org.mesohub.api.LinkEnd;
import org.mesohub.forward.FederationSettings.Dial;
import org.mesohub.forward.FederationSettings.Endpoint;
import org.mesohub.forward.FederationSettings.Peer;
import org.mesohub.tls.ClusterTrust;

/**
 * The ways to all peers: their addresses, or connections that one side holds open for the other.
 * Belongs to one context but for {@link #attach}.
 */
final class PeerLinks {
  private final Vertx vertx;
  private final Context context;
  private final FederationSettings settings;
  private final List<PeerBook> books = new ArrayList<>();
  private final Map<String, PeerClient> clients = new LinkedHashMap<>();
  private final List<PeerLink> links = new ArrayList<>();
  private final Map<String, DialIn> dialIns = new ConcurrentHashMap<>();
  private final List<ForeignLink> foreign = new ArrayList<>();
  private final List<DialOut> dialOuts = new ArrayList<>();

  PeerLinks(Vertx vertx, Context context, FederationSettings settings) {
    this.vertx = vertx;
    this.context = context;
    this.settings = settings;
  }

  /** Begins to listen to all of them. */
  Future<Void> start() {
    Future<Void> met = Future.succeededFuture();
    for (Peer peer : settings.peers()) {
      met = met.compose(before -> meet(peer));
    }
    return met;
  }

  /** What is known of them, in the order of the configuration. */
  List<PeerBook> books() {
    return books;
  }

  /** Calls to them, by cluster. */
  Map<String, PeerClient> clients() {
    return clients;
  }

  private Future<Void> meet(Peer peer) {
    if (peer.dial() == Dial.CONTRACT) {
      var book = new PeerBook(peer, () -> 0);
      books.add(book);
      var client = new PeerClient(vertx, peer, settings.identity());
      clients.put(peer.cluster(), client);
      var link = new ForeignLink(vertx, settings.cluster(), book, client);
      foreign.add(link);
      link.start();
      return Future.succeededFuture();
    }
    if (peer.dial() != Dial.IN) {
      List<DialOut> out = peer.dial() == Dial.OUT ? dialOut(peer) : List.of();
      listen(peer, peer, () -> out.stream().mapToInt(DialOut::lines).sum());
      return Future.succeededFuture();
    }
    var in = new DialIn(vertx, context, peer);
    dialIns.put(peer.cluster(), in);
    return in.start()
        .onSuccess(
            entry -> {
              PeerLink link = listen(peer, peer.at(entry), in::lines);
              in.onLine(link::retry);
            })
        .mapEmpty();
  }

  private List<DialOut> dialOut(Peer peer) {
    List<DialOut> out = new ArrayList<>();
    for (Endpoint endpoint : peer.endpoints()) {
      // Two endpoints may be one node: what it knows by this name it takes for one after the other.
      String name = settings.node() + "/" + out.size();
      out.add(
          new DialOut(
              vertx,
              settings.cluster(),
              name,
              peer.at(endpoint),
              settings.identity(),
              settings.own()));
    }
    dialOuts.addAll(out);
    out.forEach(DialOut::start);
    return out;
  }

  /** Listens to a peer, which is called at an address of its own or one that leads to it. */
  private PeerLink listen(Peer peer, Peer called, IntSupplier lines) {
    var book = new PeerBook(peer, lines);
    books.add(book);
    var client = new PeerClient(vertx, called, settings.identity());
    clients.put(peer.cluster(), client);
    // Connections of its own: answers that nobody reads must not make it silent.
    var own = new PeerClient(vertx, called, settings.identity());
    var link = new PeerLink(vertx, settings.cluster(), book, own, client);
    links.add(link);
    link.start();
    return link;
  }

  /**
   * Takes in a connection that a peer holds open.
   *
   * @param caller as it has proved; null where nobody has to
   */
  LinkEnd attach(String cluster, String node, long epoch, @Nullable String caller, LinkEnd other) {
    DialIn in = dialIns.get(cluster);
    if (in == null) {
      throw new ApiException(
          Reason.NOT_FOUND,
          "no cluster %s is expected to dial in: name it under peers, with dial: in"
              .formatted(cluster));
    }
    ClusterTrust trust = in.peer().tls();
    if (caller == null
        && trust != null
        && (trust.authority() != null || trust.fingerprint() != null)) {
      throw new ApiException(
          Reason.UNAUTHENTICATED,
          "%s is known by its certificate here: show that".formatted(cluster));
    }
    if (caller != null && !caller.equals(cluster)) {
      throw new ApiException(
          Reason.FORBIDDEN,
          "%s cannot hold a link for %s: give that cluster a token of its own name"
              .formatted(caller, cluster));
    }
    return in.attach(node, epoch, other);
  }

  /** Lets go of connections that others hold open, which would hold up the end of this node. */
  void leave() {
    dialIns.values().forEach(DialIn::close);
  }

  void close() {
    links.forEach(PeerLink::close);
    foreign.forEach(ForeignLink::close);
    dialOuts.forEach(DialOut::close);
    dialIns.values().forEach(DialIn::close);
  }
}
