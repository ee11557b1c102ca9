package org.mesohub.routing;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
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
   * Makes the plan.
   *
   * @param firstDay first epoch day asked for
   * @param lastDay last epoch day asked for, included
   * @param networks networks asked for; null: any
   * @param held networks of each epoch day that have rows here, exactly
   */
  public static Forwarding plan(
      Scope scope,
      int firstDay,
      int lastDay,
      @Nullable SortedSet<String> networks,
      SortedMap<Integer, SortedSet<String>> held,
      List<PeerView> peers,
      long nowNanos) {
    var shares = new ArrayList<Share>();
    int avoided = 0;
    if (scope == Scope.LOCAL) {
      return new Forwarding(shares, avoided);
    }
    for (PeerView peer : peers) {
      Share share = share(scope, firstDay, lastDay, networks, held, peer, nowNanos);
      if (share.networksByDay().isEmpty()) {
        avoided++;
      } else {
        shares.add(share);
      }
    }
    return new Forwarding(shares, avoided);
  }

  private static Share share(
      Scope scope,
      int firstDay,
      int lastDay,
      @Nullable SortedSet<String> networks,
      SortedMap<Integer, SortedSet<String>> held,
      PeerView peer,
      long nowNanos) {
    Digest digest = peer.isCurrent(nowNanos) ? peer.digest() : null;
    boolean tells = digest != null && !digest.filter().isSaturated();
    SortedSet<String> named = networks;
    if (named == null && tells && digest != null) {
      named = digest.networks();
    }
    var wanted = new TreeMap<Integer, SortedSet<String>>();
    var notOf = new TreeMap<Integer, SortedSet<String>>();
    for (int day = firstDay; day <= lastDay; day++) {
      if (tells && digest != null && !digest.mayHold(day)) {
        continue;
      }
      SortedSet<String> here =
          scope == Scope.ALL
              ? Collections.emptySortedSet()
              : held.getOrDefault(day, Collections.emptySortedSet());
      if (named == null) {
        // Nobody knows what networks it has: any but those that are here.
        wanted.put(day, Collections.emptySortedSet());
        if (!here.isEmpty()) {
          notOf.put(day, here);
        }
        continue;
      }
      var ask = new TreeSet<String>();
      for (String network : named) {
        if (!here.contains(network) && (!tells || digest == null || digest.mayHold(day, network))) {
          ask.add(network);
        }
      }
      if (!ask.isEmpty()) {
        wanted.put(day, ask);
      }
    }
    return new Share(peer.peer(), wanted, notOf);
  }

  /** What the plan asks of a peer; null: nothing. */
  public @Nullable Share of(String peer) {
    Map<String, Share> byPeer = new TreeMap<>();
    shares.forEach(share -> byPeer.put(share.peer(), share));
    return byPeer.get(peer);
  }
}
