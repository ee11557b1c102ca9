package org.mesohub.forward;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.mesohub.api.AnswerStream;
import org.mesohub.api.NodeApi;
import org.mesohub.api.RelayedQuery;
import org.mesohub.catalog.DayEntry;
import org.mesohub.observation.Day;
import org.mesohub.observation.StationSelector;
import org.mesohub.observation.TimeRange;
import org.mesohub.query.AnswerCheck;
import org.mesohub.query.AnswerMerge.Order;
import org.mesohub.query.AnswerSources;
import org.mesohub.query.Query;
import org.mesohub.query.Selection;
import org.mesohub.routing.DayFilter;
import org.mesohub.routing.Forwarding;
import org.mesohub.routing.Held;
import org.mesohub.routing.PeerView;
import org.mesohub.routing.Scope;
import org.mesohub.routing.Share;
import org.mesohub.routing.Ticket;
import org.mesohub.routing.Wanted;

/**
 * Answers queries from here and from elsewhere:
 *
 * <pre>
 *   query ─► filters of peers ── nobody may hold any of it ──────────────► answered here
 *              │ somebody may
 *              ▼
 *            what is held here ─► shares ─► here and peers, in parallel ─► one answer
 * </pre>
 */
final class Forwarder {
  /** What is left for the way back, so that an answer comes before the client's deadline. */
  private static final Duration MARGIN = Duration.ofMillis(50);

  private final Vertx vertx;
  private final FederationSettings settings;
  private final WorkerExecutor workers;
  private final List<PeerBook> books;
  private final Map<String, PeerClient> clients = new HashMap<>();

  /**
   * @param clients by name of the cluster
   */
  Forwarder(
      Vertx vertx,
      FederationSettings settings,
      WorkerExecutor workers,
      List<PeerBook> books,
      Map<String, PeerClient> clients) {
    this.vertx = vertx;
    this.settings = settings;
    this.workers = workers;
    this.books = books;
    this.clients.putAll(clients);
  }

  /** Filter of this cluster's holdings at some commit or later; null: there is none. */
  interface OwnFilter {
    @Nullable DayFilter of(long commit);
  }

  /**
   * Answers a query.
   *
   * @param ticket of the query; others that it has been at are not asked
   * @param patience longest wait for others; null: as configured
   */
  Future<AnswerStream> answer(
      NodeApi local,
      Query query,
      Order order,
      Scope scope,
      Ticket ticket,
      @Nullable Duration patience,
      OwnFilter filter) {
    Wanted wanted = wanted(query.selection(), scope);
    if (wanted == null || ticket.fanOutMax() == 0) {
      return here(local, query, order);
    }
    List<PeerBook> others =
        books.stream().filter(book -> !ticket.hasVisited(book.cluster())).toList();
    List<PeerView> views = PeerBook.views(others);
    long now = System.nanoTime();
    Wanted anywhere = new Wanted(Scope.ALL, wanted.firstDay(), wanted.lastDay(), wanted.networks());
    Forwarding first = Forwarding.plan(anywhere, new Held(null, new TreeMap<>()), views, now);
    if (first.shares().isEmpty()) {
      others.forEach(PeerBook::avoided);
      return here(local, query, order);
    }
    return held(local, wanted, filter)
        .compose(
            held -> {
              Forwarding plan = Forwarding.plan(wanted, held, views, now);
              countAvoided(others, plan);
              return plan.shares().isEmpty()
                  ? here(local, query, order)
                  : with(local, query, order, scope, ticket, patience(patience), plan.shares());
            });
  }

  private static Future<AnswerStream> here(NodeApi local, Query query, Order order) {
    return order == Order.KEYS ? local.query(query) : local.latest(query);
  }

  /** Null when nothing can be wanted. */
  private static @Nullable Wanted wanted(Selection selection, Scope scope) {
    TimeRange range = selection.range().intersect(TimeRange.ALL);
    return range.isEmpty()
        ? null
        : new Wanted(
            scope, range.firstDay().epochDay(), range.lastDay().epochDay(), networks(selection));
  }

  /** The networks that can have rows; null: any. */
  private static @Nullable SortedSet<String> networks(Selection selection) {
    boolean named =
        !selection.stations().isEmpty()
            && selection.stations().stream().noneMatch(station -> station.network().isEmpty());
    if (!named) {
      return selection.networks().isEmpty() ? null : new TreeSet<>(selection.networks());
    }
    var networks = new TreeSet<String>();
    selection.stations().stream().map(StationSelector::network).forEach(networks::add);
    if (!selection.networks().isEmpty()) {
      networks.retainAll(selection.networks());
    }
    return networks;
  }

  private static Future<Held> held(NodeApi local, Wanted wanted, OwnFilter filter) {
    var range =
        new TimeRange(
            new Day(wanted.firstDay()).startMicros(), new Day(wanted.lastDay()).endMicros());
    return local
        .days(range)
        .map(
            days -> {
              SortedMap<Integer, SortedSet<String>> networks = new TreeMap<>();
              long version = 0;
              for (Map.Entry<Day, DayEntry> day : days) {
                networks.put(day.getKey().epochDay(), day.getValue().networks());
                version = Math.max(version, day.getValue().version());
              }
              return new Held(filter.of(version), networks);
            });
  }

  private static void countAvoided(List<PeerBook> others, Forwarding plan) {
    for (PeerBook book : others) {
      if (plan.shares().stream().noneMatch(share -> share.peer().equals(book.cluster()))) {
        book.avoided();
      }
    }
  }

  private Duration patience(@Nullable Duration left) {
    if (left == null) {
      return settings.patience();
    }
    Duration usable = left.minus(MARGIN);
    return usable.compareTo(settings.patience()) < 0 ? usable : settings.patience();
  }

  private Future<AnswerStream> with(
      NodeApi local,
      Query query,
      Order order,
      Scope scope,
      Ticket ticket,
      Duration patience,
      List<Share> shares) {
    List<Share> possible = shares.subList(0, Math.min(shares.size(), ticket.fanOutMax()));
    Ticket passed = ticket.passedOn(settings.cluster(), possible.size());
    Query told = query.of(query.selection(), 0);
    Query own = scope == Scope.ALL || query.stamped() ? query.stamp() : query;
    return here(local, own, order)
        .compose(
            answer -> {
              var asked = new ArrayList<PeerAsk>();
              var begun = new ArrayList<Future<?>>();
              for (Share share : possible) {
                var ask = new PeerAsk(vertx, book(share.peer()), patience);
                asked.add(ask);
                begun.add(
                    ask.begin(() -> ask(share, told, order, passed, patience, answer.sources())));
              }
              return Future.join(begun)
                  .map(
                      all ->
                          (AnswerStream)
                              new FederatedAnswer(answer, asked, order, query, settings, workers));
            });
  }

  private Future<PeerRows> ask(
      Share share,
      Query query,
      Order order,
      Ticket ticket,
      Duration patience,
      AnswerSources sources) {
    var relayed = new RelayedQuery(ticket, query, order == Order.STATIONS, share.parts());
    // Of a part that is more than the share, the latest row of a station may be of the rest.
    AnswerCheck.Pairs pairs = order == Order.STATIONS ? (day, network) -> true : share::has;
    var check = new AnswerCheck(order, query.selection().range().intersect(TimeRange.ALL), pairs);
    PeerClient client = clients.get(share.peer());
    if (client == null) {
      throw new IllegalStateException("no peer " + share.peer());
    }
    return PeerRows.ask(client, share.peer(), relayed, check, workers, sources, patience);
  }

  private PeerBook book(String cluster) {
    return books.stream().filter(book -> book.cluster().equals(cluster)).findFirst().orElseThrow();
  }
}
