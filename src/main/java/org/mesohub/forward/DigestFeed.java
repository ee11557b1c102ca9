package org.mesohub.forward;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.mesohub.api.FederationApi.Reachable;
import org.mesohub.api.FederationApi.Subscription;
import org.mesohub.api.FederationApi.Told;
import org.mesohub.catalog.CatalogueState;
import org.mesohub.catalog.DayEntry;
import org.mesohub.observation.Day;
import org.mesohub.routing.DayFilter;
import org.mesohub.routing.Digest;
import org.mesohub.routing.FilterKeeper;

/**
 * Tells other clusters what this one holds. Changes are gathered for a moment; whatever is told was
 * confirmed by a majority of the nodes. Belongs to one event loop, but for {@link #filter}.
 */
final class DigestFeed {
  /** Pause between two looks at the catalogue: changes within it are told together. */
  static final long LOOK_MS = 50;

  /** A listener hears something at least so often. */
  static final long SIGN_OF_LIFE_NANOS = 500_000_000L;

  private final Vertx vertx;
  private final String cluster;
  private final Supplier<CatalogueState> now;
  private final Supplier<Future<CatalogueState>> confirmed;
  private final LongSupplier clockMicros;
  private final FilterKeeper keeper;
  private final Map<Day, DayEntry> known = new HashMap<>();
  private final List<Listener> listeners = new ArrayList<>();
  private final Behind behind;
  private long version = -1;
  private boolean confirming;

  /** Number of the confirmation under way or the last one. */
  private long round;

  /** Whether the filter has taken changes that no digest tells of. */
  private boolean dirty;

  private long timer = -1;
  private volatile @Nullable Digest last;

  /** Clusters behind this one. */
  interface Behind {
    /** As they are told to one that asks, with the digests there are. */
    List<Reachable> at(String asker, long nowNanos);
  }

  private static final class Listener implements Subscription {
    final Consumer<Told> told;
    final Consumer<Throwable> end;
    final String asker;

    /** What it was told last of each cluster. */
    final Map<String, Digest> digests = new HashMap<>();

    long version = -1;
    long toldNanos;
    boolean cancelled;

    Listener(String asker, Consumer<Told> told, Consumer<Throwable> end) {
      this.asker = asker;
      this.told = told;
      this.end = end;
    }

    @Override
    public void cancel() {
      cancelled = true;
    }

    /** A digest, when it is another than was told of a cluster before. */
    @SuppressWarnings("ReferenceEquality") // the filter is one object while nothing in it changes
    @Nullable Digest news(String cluster, @Nullable Digest digest) {
      if (digest == null) {
        return null;
      }
      Digest before = digests.put(cluster, digest);
      return before != null && before.filter() == digest.filter() ? null : digest;
    }
  }

  /**
   * @param now the catalogue as it is here
   * @param confirmed the catalogue with everything that was acknowledged before the call
   * @param firstGeneration of the filter: above those of earlier nodes that told of this cluster
   * @param behind clusters that this one passes queries on to
   */
  DigestFeed(
      Vertx vertx,
      String cluster,
      Supplier<CatalogueState> now,
      Supplier<Future<CatalogueState>> confirmed,
      LongSupplier clockMicros,
      long firstGeneration,
      Behind behind) {
    this.behind = behind;
    this.vertx = vertx;
    this.cluster = cluster;
    this.now = now;
    this.confirmed = confirmed;
    this.clockMicros = clockMicros;
    this.keeper = new FilterKeeper(firstGeneration);
  }

  void start() {
    timer = vertx.setPeriodic(LOOK_MS, look -> look());
  }

  /** The filter, for this cluster's own plans; null when it is of an earlier version. */
  @Nullable DayFilter filter(long version) {
    Digest digest = last;
    return digest != null && digest.version() >= version ? digest.filter() : null;
  }

  Subscription listen(String asker, Consumer<Told> told, Consumer<Throwable> end) {
    var listener = new Listener(asker, told, end);
    listeners.add(listener);
    look();
    return listener;
  }

  private void look() {
    listeners.removeIf(listener -> listener.cancelled);
    if (listeners.isEmpty() || confirming) {
      return;
    }
    long nanos = System.nanoTime();
    long commit = now.get().commit();
    if (listeners.stream().noneMatch(listener -> isDue(listener, commit, nanos))) {
      return;
    }
    confirming = true;
    long of = ++round;
    long before = clockMicros.getAsLong();
    Context own = vertx.getOrCreateContext();
    Future.<Void>succeededFuture()
        .compose(begun -> confirmed.get())
        .onComplete(
            state -> own.runOnContext(turn -> confirmed(of, state, before, nanos)),
            failure -> own.runOnContext(turn -> unconfirmed(of, failure)));
  }

  /** One that was ended meanwhile is late. */
  private void confirmed(long of, CatalogueState state, long completeToMicros, long sinceNanos) {
    if (of == round) {
      confirming = false;
      tell(state, completeToMicros, sinceNanos);
    }
  }

  private void unconfirmed(long of, Throwable failure) {
    if (of == round) {
      end(failure);
    }
  }

  /**
   * @param sinceNanos when the confirmation was asked for
   */
  private void tell(CatalogueState state, long completeToMicros, long sinceNanos) {
    Digest digest = digest(state, completeToMicros);
    long nanos = System.nanoTime();
    long age = (nanos - sinceNanos) / 1_000_000;
    for (Listener listener : List.copyOf(listeners)) {
      if (!listener.cancelled && isDue(listener, state.commit(), nanos)) {
        listener.version = state.commit();
        listener.toldNanos = nanos;
        listener.told.accept(
            new Told(
                state.commit(),
                age,
                listener.news(cluster, digest),
                behind.at(listener.asker, nanos).stream()
                    .map(
                        other ->
                            new Reachable(
                                other.cluster(),
                                other.hops(),
                                other.version(),
                                other.ageMillis(),
                                listener.news(other.cluster(), other.digest())))
                    .toList()));
      }
    }
  }

  private static boolean isDue(Listener listener, long commit, long nanos) {
    return listener.version != commit || nanos - listener.toldNanos >= SIGN_OF_LIFE_NANOS;
  }

  private Digest digest(CatalogueState state, long completeToMicros) {
    Digest before = last;
    if (before != null && state.commit() == version) {
      return before;
    }
    dirty |= take(state) || before == null;
    Digest digest =
        dirty || before == null
            ? keeper.digest(cluster, state.commit(), completeToMicros)
            : before.at(state.commit());
    version = state.commit();
    last = digest;
    dirty = false;
    return digest;
  }

  /** Whether networks came or went on some day. */
  @SuppressWarnings(
      "ReferenceEquality") // equal entries that are not the same are compared further on
  private boolean take(CatalogueState state) {
    boolean changed = false;
    for (Map.Entry<Day, DayEntry> day : state.days().entrySet()) {
      DayEntry before = known.put(day.getKey(), day.getValue());
      if (before == day.getValue()) {
        continue;
      }
      SortedSet<String> networks = networks(day.getValue());
      if (before == null || !networks(before).equals(networks)) {
        keeper.set(day.getKey().epochDay(), networks);
        changed = true;
      }
    }
    if (known.size() > state.days().size()) {
      Iterator<Map.Entry<Day, DayEntry>> gone = known.entrySet().iterator();
      while (gone.hasNext()) {
        Day day = gone.next().getKey();
        if (!state.days().containsKey(day)) {
          keeper.set(day.epochDay(), Collections.emptySortedSet());
          gone.remove();
          changed = true;
        }
      }
    }
    return changed;
  }

  /** A day whose rows were deleted is listed as long as its history is kept. */
  private static SortedSet<String> networks(DayEntry day) {
    return day.rows() == 0 ? Collections.emptySortedSet() : day.networks();
  }

  /** Ends what listeners hear. */
  void end(Throwable failure) {
    confirming = false;
    round++;
    List<Listener> ended = List.copyOf(listeners);
    listeners.clear();
    ended.stream().filter(listener -> !listener.cancelled).forEach(l -> l.end.accept(failure));
  }

  void close() {
    vertx.cancelTimer(timer);
  }
}
