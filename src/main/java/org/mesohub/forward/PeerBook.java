package org.mesohub.forward;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;
import org.mesohub.api.FederationApi.Counts;
import org.mesohub.api.FederationApi.PeerState;
import org.mesohub.api.FederationApi.Reachable;
import org.mesohub.forward.FederationSettings.Dial;
import org.mesohub.routing.Breaker;
import org.mesohub.routing.Digest;
import org.mesohub.routing.PeerView;
import org.mesohub.routing.PeerView.Behind;

/** What is known of a peer, and what came of asking it. Thread-safe. */
final class PeerBook {
  /** Queries that are with one peer at once. */
  static final int QUERIES_MAX = 64;

  /** The same with one whose days are put in order in memory. */
  private static final int FOREIGN_QUERIES_MAX = 4;

  /** Failures in a row after which it is not asked for a while; the first pause, the longest. */
  private static final int FAILURES_MAX = 3;

  private static final long PAUSE_MIN_NANOS = 1_000_000_000L;
  private static final long PAUSE_MAX_NANOS = 30_000_000_000L;

  private final FederationSettings.Peer peer;
  private final IntSupplier links;
  private final Breaker breaker = new Breaker(FAILURES_MAX, PAUSE_MIN_NANOS, PAUSE_MAX_NANOS);
  private final AtomicInteger running = new AtomicInteger();
  private final AtomicLong asked = new AtomicLong();
  private final AtomicLong avoided = new AtomicLong();
  private final AtomicLong inVain = new AtomicLong();
  private final AtomicLong failed = new AtomicLong();
  private final AtomicLong rows = new AtomicLong();
  private volatile PeerView view;
  private volatile String endpoint = "";
  private volatile String trouble = "not connected yet";
  private volatile long heardNanos;
  private volatile boolean heard;

  /**
   * @param links connections held open because one of the two cannot be called
   */
  PeerBook(FederationSettings.Peer peer, IntSupplier links) {
    this.peer = peer;
    this.links = links;
    this.view = new PeerView(peer.cluster(), null, 0, 0);
  }

  FederationSettings.Peer peer() {
    return peer;
  }

  String cluster() {
    return peer.cluster();
  }

  PeerView view() {
    return view;
  }

  Breaker breaker() {
    return breaker;
  }

  /**
   * The peer has told its version, and digests unless those before are of that version too.
   *
   * @param reachable clusters behind it
   */
  synchronized void told(
      long version, @Nullable Digest digest, List<Reachable> reachable, long nowNanos) {
    Digest known = digest == null ? view.digest() : digest;
    var behind = new ArrayList<Behind>();
    for (Reachable other : reachable) {
      Digest of = other.digest() == null ? behind(other.cluster()) : other.digest();
      boolean confirmed = other.ageMillis() >= 0;
      behind.add(
          new Behind(
              other.hops(),
              new PeerView(
                  other.cluster(),
                  of == null || !confirmed ? null : of.at(other.version()),
                  other.version(),
                  nowNanos - 1_000_000 * other.ageMillis())));
    }
    view =
        new PeerView(
            peer.cluster(),
            known == null ? null : known.at(version),
            version,
            nowNanos,
            List.copyOf(behind));
    heardNanos = nowNanos;
    heard = true;
    trouble = "";
  }

  private @Nullable Digest behind(String cluster) {
    return view.behind().stream()
        .map(Behind::view)
        .filter(known -> known.peer().equals(cluster))
        .findFirst()
        .map(PeerView::digest)
        .orElse(null);
  }

  void connected(String to) {
    endpoint = to;
  }

  /** It answers, at an endpoint, though it cannot say what it holds. */
  void alive(String at, long nowNanos) {
    endpoint = at;
    trouble = "";
    heardNanos = nowNanos;
    heard = true;
  }

  /** What is wrong; empty when nothing is. */
  String trouble() {
    return trouble;
  }

  /** True when this is news. */
  boolean troubled(String failure) {
    String text =
        peer.dial() == Dial.IN && links.getAsInt() == 0
            ? "it holds no link open here: it is expected to dial in"
            : failure;
    boolean news = !trouble.equals(text);
    endpoint = "";
    trouble = text;
    return news;
  }

  /** Whether one more query may go to the peer; if so, {@link #leave} or {@link #ended} follows. */
  boolean tryEnter() {
    int most = peer.dial() == Dial.CONTRACT ? FOREIGN_QUERIES_MAX : QUERIES_MAX;
    if (running.incrementAndGet() > most) {
      running.decrementAndGet();
      return false;
    }
    return true;
  }

  void leave() {
    running.decrementAndGet();
  }

  void asked() {
    asked.incrementAndGet();
  }

  void ended(long rowsTaken, boolean whole) {
    running.decrementAndGet();
    rows.addAndGet(rowsTaken);
    if (!whole) {
      failed.incrementAndGet();
    } else if (rowsTaken == 0) {
      inVain.incrementAndGet();
    }
  }

  void avoided() {
    avoided.incrementAndGet();
  }

  PeerState state(long nowNanos) {
    PeerView now = view;
    return new PeerState(
        peer.cluster(),
        peer.endpoints().stream().map(Object::toString).toList(),
        endpoint,
        now.isCurrent(nowNanos),
        trouble,
        heard ? (nowNanos - heardNanos) / 1_000_000 : -1,
        now.digest(),
        peer.dial().word(),
        links.getAsInt(),
        new Counts(asked.get(), avoided.get(), inVain.get(), failed.get(), rows.get()));
  }

  static List<PeerView> views(List<PeerBook> books) {
    return books.stream().map(PeerBook::view).toList();
  }
}
