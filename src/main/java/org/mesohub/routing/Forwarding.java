package org.mesohub.routing;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Plans which peers are asked for what. The unit is a network's UTC day: one held here never hides
 * another network of that day. A peer's "no" counts only while it is confirmed; otherwise it may
 * hold everything.
 *
 * @param shares what each peer is asked for, in order of peers; peers with nothing to ask are
 *     absent
 * @param avoided peers not asked, as their filters say no to all that is wanted
 */
public record Forwarding(List<Share> shares, int avoided) {
  /**
   * A filter is not asked for more pairs than thirty years of four hundred networks have: its peer
   * is, for everything.
   */
  static final long PAIRS_MAX = 1 << 22;

  /** Pairs looked at where an event loop may wait for it, a few milliseconds. */
  static final long QUICK_MAX = 1 << 15;

  /**
   * Makes the plan.
   *
   * @param held networks of each epoch day that have rows here, exactly
   */
  public static Forwarding plan(Wanted wanted, Held held, List<PeerView> peers, long nowNanos) {
    var shares = new ArrayList<Share>();
    int avoided = 0;
    if (wanted.scope() == Scope.LOCAL) {
      return new Forwarding(shares, avoided);
    }
    Held here =
        wanted.scope() == Scope.ALL
            ? new Held(held.filter(), Collections.emptySortedMap())
            : new Held(
                held.filter(), upTo(held.days().tailMap(wanted.firstDay()), wanted.lastDay()));
    for (PeerView peer : peers) {
      var byDay = byDay(wanted, here, peer, nowNanos);
      if (byDay != null && byDay.isEmpty()) {
        avoided++;
      } else {
        shares.add(new Share(peer.peer(), byDay, here.days()));
      }
    }
    return new Forwarding(shares, avoided);
  }

  private static SortedMap<Integer, SortedSet<String>> upTo(
      SortedMap<Integer, SortedSet<String>> days, int last) {
    return last == Integer.MAX_VALUE ? days : days.headMap(last + 1);
  }

  /**
   * Whether somebody may hold something that is wanted, whatever is held here; true as well when
   * that takes long to tell.
   */
  public static boolean mayHold(Wanted wanted, List<PeerView> peers, long nowNanos) {
    long looks = 0;
    for (PeerView peer : peers) {
      if (!peer.isCurrent(nowNanos)) {
        return true;
      }
      for (Digest digest : peer.digests()) {
        int first = Math.max(wanted.firstDay(), digest.firstDay());
        int last = Math.min(wanted.lastDay(), digest.lastDay());
        SortedSet<String> networks = networks(wanted, digest);
        looks += pairs(first, last, networks);
        if (digest.filter().isSaturated()
            || looks > QUICK_MAX
            || any(digest, first, last, networks)) {
          return true;
        }
      }
    }
    return false;
  }

  private static boolean any(Digest digest, int first, int last, SortedSet<String> networks) {
    for (int day = first; day <= last; day++) {
      if (digest.mayHold(day)) {
        for (String network : networks) {
          if (digest.mayHold(day, network)) {
            return true;
          }
        }
      }
    }
    return false;
  }

  private static SortedSet<String> networks(Wanted wanted, Digest digest) {
    return wanted.networks() == null ? digest.networks() : wanted.networks();
  }

  private static long pairs(int first, int last, SortedSet<String> networks) {
    return last < first ? 0 : ((long) last - first + 1) * networks.size();
  }

  /** The networks of each day that a peer may hold and this cluster does not; null: who knows. */
  private static @Nullable SortedMap<Integer, SortedSet<String>> byDay(
      Wanted wanted, Held here, PeerView peer, long nowNanos) {
    if (!peer.isCurrent(nowNanos)) {
      return missing(wanted, here);
    }
    var byDay = new TreeMap<Integer, SortedSet<String>>();
    for (Digest digest : peer.digests()) {
      if (!add(wanted, here, digest, byDay)) {
        return missing(wanted, here);
      }
    }
    return byDay;
  }

  /** What is wanted and not here, where networks and days are named and few; else null. */
  private static @Nullable SortedMap<Integer, SortedSet<String>> missing(Wanted wanted, Held here) {
    SortedSet<String> networks = wanted.networks();
    if (networks == null || pairs(wanted.firstDay(), wanted.lastDay(), networks) > QUICK_MAX) {
      return null;
    }
    var byDay = new TreeMap<Integer, SortedSet<String>>();
    for (int day = wanted.firstDay(); day <= wanted.lastDay(); day++) {
      for (String network : networks) {
        if (!here.has(day, network)) {
          byDay.computeIfAbsent(day, added -> new TreeSet<>()).add(network);
        }
      }
    }
    return byDay;
  }

  /** Adds what a digest may hold; false when that cannot be told. */
  private static boolean add(
      Wanted wanted, Held here, Digest digest, SortedMap<Integer, SortedSet<String>> byDay) {
    int first = Math.max(wanted.firstDay(), digest.firstDay());
    int last = Math.min(wanted.lastDay(), digest.lastDay());
    SortedSet<String> networks = networks(wanted, digest);
    if (digest.filter().isSaturated() || pairs(first, last, networks) > PAIRS_MAX) {
      return false;
    }
    for (int day = first; day <= last; day++) {
      if (!digest.mayHold(day)) {
        continue;
      }
      for (String network : networks) {
        if (digest.mayHold(day, network) && !here.has(day, network)) {
          byDay.computeIfAbsent(day, added -> new TreeSet<>()).add(network);
        }
      }
    }
    return true;
  }
}
