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
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.mesohub.api.AnswerStream;
import org.mesohub.api.NodeApi;
import org.mesohub.api.PeerOutcome.State;
import org.mesohub.api.RelayedQuery;
import org.mesohub.catalog.DayEntry;
import org.mesohub.forward.FederationSettings.Dial;
import org.mesohub.observation.Day;
import org.mesohub.observation.StationSelector;
import org.mesohub.observation.TimeRange;
import org.mesohub.query.AnswerCheck;
import org.mesohub.query.AnswerMerge.Order;
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
   * @param query with networks by the names that are stored
   * @param ticket of the query; clusters that it has been at, or that are asked already, are not
   *     asked
   * @param patience longest wait for each of the others
   * @param deadlineNanos of the client; Long.MAX_VALUE: none
   */
  Future<AnswerStream> answer(
      NodeApi local,
      Query query,
      Order order,
      Scope scope,
      Ticket ticket,
      Duration patience,
      long deadlineNanos,
      OwnFilter filter) {
    Wanted wanted = wanted(query.selection(), scope);
    if (wanted == null) {
      return here(local, query, order);
    }
    List<PeerBook> others = books.stream().filter(book -> ticket.mayAsk(book.cluster())).toList();
    List<PeerView> views = PeerBook.views(others);
    if (!Forwarding.mayHold(wanted, views, System.nanoTime())) {
      others.forEach(PeerBook::avoided);
      return here(local, query, order);
    }
    return held(local, wanted, filter)
        .compose(
            held ->
                workers.executeBlocking(
                    () -> Forwarding.plan(wanted, held, views, System.nanoTime()), false))
        .compose(
            plan -> {
              countAvoided(others, plan);
              return plan.shares().isEmpty()
                  ? here(local, query, order)
                  : with(
                      local, query, order, scope, ticket, patience, deadlineNanos, plan.shares());
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

  private Future<AnswerStream> with(
      NodeApi local,
      Query query,
      Order order,
      Scope scope,
      Ticket ticket,
      Duration patience,
      long deadlineNanos,
      List<Share> shares) {
    Query told = query.of(query.selection(), 0);
    Query own = scope == Scope.ALL || query.stamped() ? query.stamp() : query;
    return here(local, own, order)
        .compose(
            answer -> {
              List<PeerAsk> asked = new ArrayList<>();
              try {
                return begin(shares, told, order, ticket, patience, deadlineNanos, answer, asked)
                    .<AnswerStream>map(
                        all -> new FederatedAnswer(answer, asked, order, query, settings, workers))
                    .onFailure(e -> giveUp(answer, asked));
              } catch (RuntimeException e) {
                giveUp(answer, asked);
                throw e;
              }
            });
  }

  private static void giveUp(AnswerStream answer, List<PeerAsk> asked) {
    answer.close();
    asked.forEach(PeerAsk::close);
  }

  /** Asks all for their shares; completes when each has begun to answer or is given up. */
  private Future<?> begin(
      List<Share> shares,
      Query query,
      Order order,
      Ticket ticket,
      Duration patience,
      long deadlineNanos,
      AnswerStream answer,
      List<PeerAsk> asked) {
    int possible = Math.min(shares.size(), ticket.fanOutMax());
    Ticket passed =
        possible == 0
            ? ticket
            : ticket.passedOn(
                settings.cluster(), shares.subList(0, possible).stream().map(Share::peer).toList());
    var begun = new ArrayList<Future<?>>();
    for (int i = 0; i < shares.size(); i++) {
      Share share = shares.get(i);
      PeerBook book = book(share.peer());
      var waiting = new Patience(vertx, patience, deadlineNanos);
      Duration deadline =
          deadlineNanos == Long.MAX_VALUE
              ? null
              : Duration.ofNanos(deadlineNanos - System.nanoTime());
      AskedRows rows;
      Supplier<Future<Void>> asking;
      if (book.peer().dial() == Dial.CONTRACT) {
        var foreign =
            new ForeignRows(
                share.peer(),
                query,
                order,
                check(share, query, order),
                workers,
                answer.sources(),
                waiting);
        rows = foreign;
        asking =
            () -> foreign.begin(client(share.peer()), settings.cluster(), share.parts(), deadline);
      } else {
        var own =
            new PeerRows(
                share.peer(), check(share, query, order), workers, answer.sources(), waiting);
        var relayed =
            new RelayedQuery(
                passed, query, order == Order.STATIONS, share.parts(), patience.toMillis());
        rows = own;
        asking = () -> own.begin(client(share.peer()), relayed, deadline);
      }
      if (i >= possible) {
        asked.add(
            PeerAsk.refused(
                book,
                rows,
                State.REFUSED,
                "it was not asked: the query may not be passed on any further"));
        continue;
      }
      if (waiting.isOver()) {
        asked.add(PeerAsk.refused(book, rows, State.TIMEOUT, "it was not asked: no time was left"));
        continue;
      }
      var ask = new PeerAsk(book, rows);
      asked.add(ask);
      begun.add(ask.begin(asking));
    }
    return begun.isEmpty() ? Future.succeededFuture() : Future.join(begun);
  }

  private static AnswerCheck check(Share share, Query query, Order order) {
    // Of a part that is more than the share, the latest row of a station may be of the rest.
    AnswerCheck.Pairs pairs = order == Order.STATIONS ? (day, network) -> true : share::has;
    return new AnswerCheck(order, query.selection().range().intersect(TimeRange.ALL), pairs);
  }

  private PeerClient client(String cluster) {
    PeerClient client = clients.get(cluster);
    if (client == null) {
      throw new IllegalStateException("no peer " + cluster);
    }
    return client;
  }

  private PeerBook book(String cluster) {
    return books.stream().filter(book -> book.cluster().equals(cluster)).findFirst().orElseThrow();
  }
}
