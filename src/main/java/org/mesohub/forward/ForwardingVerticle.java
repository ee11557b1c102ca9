package org.mesohub.forward;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.WorkerExecutor;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.mesohub.api.AnswerStream;
import org.mesohub.api.ApiException;
import org.mesohub.api.ApiException.Reason;
import org.mesohub.api.FederationApi;
import org.mesohub.api.LinkEnd;
import org.mesohub.api.NodeApi;
import org.mesohub.api.Reach;
import org.mesohub.api.RelayedQuery;
import org.mesohub.catalog.CatalogueState;
import org.mesohub.observation.Day;
import org.mesohub.observation.TimeRange;
import org.mesohub.query.AnswerMerge.Order;
import org.mesohub.query.Query;
import org.mesohub.query.Selection;
import org.mesohub.routing.DaysPart;
import org.mesohub.routing.PeerView;
import org.mesohub.routing.RequestId;
import org.mesohub.routing.Scope;
import org.mesohub.routing.Ticket;
import org.mesohub.routing.Visits;

/**
 * Between clusters: listens to what peers hold, tells them what this cluster holds, passes queries
 * on, and answers those that are passed on to it. Its own event loop has the links and the feed;
 * answers belong to whoever asks.
 */
public final class ForwardingVerticle extends VerticleBase implements FederationApi {
  /** How long a query without a deadline is remembered. */
  private static final Duration REMEMBERED = Duration.ofMinutes(1);

  private final FederationSettings settings;
  private final Catalogue catalogue;
  private final LongSupplier clockMicros;
  private final NodeApi local;
  private final WorkerExecutor workers;
  private final AtomicReference<@Nullable PeerLinks> peers = new AtomicReference<>();
  private final Visits visits = new Visits();
  private final AtomicReference<@Nullable DigestFeed> feed = new AtomicReference<>();
  private final AtomicReference<@Nullable Forwarder> forwarder = new AtomicReference<>();
  private final AtomicReference<@Nullable Context> loop = new AtomicReference<>();

  /**
   * What this cluster holds.
   *
   * @param now as it is here
   * @param confirmed with everything that was acknowledged before the call
   * @param generation above those of nodes that told of this cluster before
   */
  public record Catalogue(
      Supplier<CatalogueState> now,
      Supplier<Future<CatalogueState>> confirmed,
      LongSupplier generation) {}

  /**
   * @param local answers from this cluster alone
   */
  public ForwardingVerticle(
      FederationSettings settings,
      Catalogue catalogue,
      LongSupplier clockMicros,
      NodeApi local,
      WorkerExecutor workers) {
    this.settings = settings;
    this.catalogue = catalogue;
    this.clockMicros = clockMicros;
    this.local = local;
    this.workers = workers;
  }

  @Override
  public Future<?> start() {
    loop.set(context);
    var told =
        new DigestFeed(
            vertx,
            settings.cluster(),
            catalogue.now(),
            catalogue.confirmed(),
            clockMicros,
            catalogue.generation().getAsLong(),
            this::behind);
    told.start();
    feed.set(told);
    var all = new PeerLinks(vertx, context, settings);
    return all.start()
        .onSuccess(
            met -> {
              peers.set(all);
              forwarder.set(new Forwarder(vertx, settings, workers, all.books(), all.clients()));
            });
  }

  @Override
  public LinkEnd link(
      String cluster, String node, long epoch, @Nullable String caller, LinkEnd other) {
    return started(peers).attach(cluster, node, epoch, caller, other);
  }

  @Override
  public Future<?> stop() {
    PeerLinks met = peers.get();
    if (met != null) {
      met.close();
    }
    DigestFeed told = feed.get();
    if (told != null) {
      told.close();
    }
    return Future.succeededFuture();
  }

  /** Tells those that listen that this node goes; its answers are given to their end. */
  public void leave() {
    Context own = loop.get();
    if (own != null) {
      own.runOnContext(
          turn -> {
            started(feed).end(new ApiException(Reason.UNAVAILABLE, "this node is shutting down"));
            PeerLinks met = peers.get();
            if (met != null) {
              met.leave();
            }
          });
    }
  }

  /** The node with reads that may ask peers. */
  public NodeApi federated() {
    return new FederatedNode(local, this);
  }

  /** Answers a client's query. */
  Future<AnswerStream> ask(NodeApi from, Query query, Order order, Reach reach) {
    UUID random = UUID.randomUUID();
    var id = new RequestId(random.getMostSignificantBits(), random.getLeastSignificantBits());
    Ticket ticket = Ticket.issue(id, settings.cluster(), settings.hops());
    // Of stations the latest row anywhere is wanted, whatever days are here.
    Scope scope = order == Order.STATIONS ? Scope.ALL : reach.scope();
    return started(forwarder)
        .answer(
            from,
            canonical(query),
            order,
            scope,
            ticket,
            settings.patience(),
            reach.deadlineNanos(),
            started(feed)::filter);
  }

  /** Networks by the names that are stored: those are in filters, and others know them. */
  private Query canonical(Query query) {
    return query.of(local.canonical(query.selection()), query.limit());
  }

  @Override
  public String cluster() {
    return settings.cluster();
  }

  @Override
  public Future<AnswerStream> answer(
      RelayedQuery relayed, @Nullable String caller, long deadlineNanos) {
    Ticket ticket = relayed.ticket().within(settings.hops());
    if (caller != null && !caller.equals(ticket.caller())) {
      return refused(
          Reason.FORBIDDEN,
          "the path of this query ends with "
              + ticket.caller()
              + ", and "
              + caller
              + " calls: a cluster puts its own name last");
    }
    long now = System.nanoTime();
    long until = deadlineNanos == Reach.NO_DEADLINE ? now + REMEMBERED.toNanos() : deadlineNanos;
    List<DaysPart> parts = relayed.parts();
    if (ticket.hasVisited(settings.cluster())) {
      return repeated();
    }
    Visits.Verdict verdict = visits.visit(ticket.requestId(), parts, now, until);
    if (verdict == Visits.Verdict.REPEATED) {
      return repeated();
    }
    Order order = relayed.latest() ? Order.STATIONS : Order.KEYS;
    Query query = canonical(relayed.query());
    if (!parts.isEmpty()) {
      query = query.of(within(query.selection(), parts), query.limit());
    }
    SortedSet<String> denied = settings.sharing().denied(ticket.path());
    // What is asked for is what the caller wants of this cluster and of those behind it.
    Future<AnswerStream> answer =
        settings.transit() && verdict == Visits.Verdict.FIRST
            ? started(forwarder)
                .answer(
                    local,
                    query,
                    order,
                    Scope.ALL,
                    ticket,
                    patience(relayed.patienceMillis()),
                    deadlineNanos,
                    started(feed)::filter)
            : order == Order.KEYS ? local.query(query) : local.latest(query);
    boolean whole = parts.isEmpty() || order == Order.STATIONS;
    return whole && denied.isEmpty()
        ? answer
        : answer.map(rows -> new PartsAnswer(rows, order, whole ? List.of() : parts, denied));
  }

  /** Less than the caller's, so that what is here is told before the caller gives up. */
  private Duration patience(long callersMillis) {
    Duration most = Duration.ofMillis(callersMillis * 3 / 4);
    return callersMillis == 0 || most.compareTo(settings.patience()) > 0
        ? settings.patience()
        : most;
  }

  private Future<AnswerStream> repeated() {
    return refused(
        Reason.TOKEN_CONFLICT, settings.cluster() + " answers this query on another way");
  }

  /** The selection cut to the days and networks that some parts have together. */
  private static Selection within(Selection selection, List<DaysPart> parts) {
    var days =
        new TimeRange(
            new Day(parts.get(0).firstDay()).startMicros(),
            new Day(parts.get(parts.size() - 1).lastDay()).endMicros());
    var networks = new TreeSet<String>();
    boolean all = false;
    for (DaysPart part : parts) {
      all |= part.networks().isEmpty();
      networks.addAll(part.networks());
    }
    if (all) {
      networks.clear();
    }
    if (!selection.networks().isEmpty()) {
      if (networks.isEmpty()) {
        networks.addAll(selection.networks());
      } else {
        networks.retainAll(selection.networks());
      }
    }
    boolean none = networks.isEmpty() && (!all || !selection.networks().isEmpty());
    TimeRange range = selection.range().intersect(days);
    return new Selection(
        none ? new TimeRange(range.fromMicros(), range.fromMicros()) : range,
        selection.stations(),
        networks,
        selection.bbox(),
        selection.where());
  }

  private static Future<AnswerStream> refused(Reason reason, String text) {
    return Future.failedFuture(new ApiException(reason, text));
  }

  @Override
  public Subscription digests(String asker, Consumer<Told> listener, Consumer<Throwable> end) {
    Context own = started(loop);
    Context caller = vertx.getOrCreateContext();
    var cancelled = new AtomicBoolean();
    var inner = new AtomicReference<@Nullable Subscription>();
    own.runOnContext(
        begin -> {
          if (!cancelled.get()) {
            inner.set(
                started(feed)
                    .listen(
                        asker,
                        told -> caller.runOnContext(turn -> listener.accept(told)),
                        failure -> caller.runOnContext(turn -> end.accept(failure))));
          }
        });
    return () -> {
      cancelled.set(true);
      own.runOnContext(
          done -> {
            Subscription begun = inner.get();
            if (begun != null) {
              begun.cancel();
            }
          });
    };
  }

  /** Peers, and clusters behind those, unless queries are not passed on. */
  private List<Reachable> behind(String asker, long nowNanos) {
    Map<String, Reachable> reachable = new LinkedHashMap<>();
    if (settings.transit()) {
      for (PeerBook book : books()) {
        add(book.view(), 1, asker, nowNanos, reachable);
      }
      for (PeerBook book : books()) {
        for (PeerView.Behind further : book.view().behind()) {
          add(further.view(), 1 + further.hops(), asker, nowNanos, reachable);
        }
      }
    }
    return List.copyOf(reachable.values());
  }

  /** Of several views of a cluster the latest counts. */
  private void add(
      PeerView view, int hops, String asker, long nowNanos, Map<String, Reachable> to) {
    if (hops < settings.hops()
        && !view.peer().equals(asker)
        && !view.peer().equals(settings.cluster())) {
      long age = view.digest() == null ? -1 : (nowNanos - view.confirmedNanos()) / 1_000_000;
      var told = new Reachable(view.peer(), hops, view.version(), age, view.digest());
      to.merge(
          view.peer(),
          told,
          (before, after) ->
              before.ageMillis() < 0
                      || (after.ageMillis() >= 0 && after.ageMillis() < before.ageMillis())
                  ? after
                  : before);
    }
  }

  @Override
  public List<PeerState> peers() {
    long now = System.nanoTime();
    return books().stream().map(book -> book.state(now)).toList();
  }

  private List<PeerBook> books() {
    PeerLinks met = peers.get();
    return met == null ? List.of() : met.books();
  }

  private static <T> T started(AtomicReference<@Nullable T> part) {
    T value = part.get();
    if (value == null) {
      throw new ApiException(Reason.UNAVAILABLE, "this node is still starting; try again");
    }
    return value;
  }
}
