package org.mesohub.placement;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * All nodes of a cluster, seen from one of them.
 *
 * @param selfId id of the node that looks
 * @param all every member, itself included, in the order of the configuration
 * @param leaving ids of those that are to be taken out: they keep and give what they have, and get
 *     nothing new
 */
public record Members(String selfId, List<Member> all, Set<String> leaving) {
  /** More voters make every commit slower and protect against nothing that happens. */
  public static final int MAX = 9;

  public Members {
    all = List.copyOf(all);
    leaving = Set.copyOf(leaving);
    Set<Object> ids = new HashSet<>();
    Set<Object> numbers = new HashSet<>();
    for (Member member : all) {
      if (!ids.add(member.id()) || !numbers.add(member.number())) {
        throw new IllegalArgumentException(
            "ids and numbers of members must be distinct, got " + member.id() + " twice");
      }
    }
    int most = leaving.contains(selfId) ? MAX + 1 : MAX; // who was taken out still sees itself
    if (!ids.contains(selfId) || all.size() > most) {
      throw new IllegalArgumentException(
          "members must contain %s and be at most %d, got %s".formatted(selfId, MAX, ids));
    }
  }

  /** Members all of which stay. */
  public Members(String selfId, List<Member> all) {
    this(selfId, all, Set.of());
  }

  /** A roster as one node sees it; one that is not of it sees itself on its way out. */
  public static Members of(Member self, Roster roster) {
    Optional<Member> listed = roster.member(self.id());
    if (listed.isPresent()) {
      // What a node is configured with counts for itself: it cannot listen anywhere else.
      boolean taken =
          roster.all().stream()
              .anyMatch(m -> m.number() == self.number() && !m.id().equals(self.id()));
      return new Members(
          self.id(),
          roster.all().stream().map(m -> m.id().equals(self.id()) && !taken ? self : m).toList(),
          roster.leaving());
    }
    var all =
        new ArrayList<>(
            roster.all().stream().filter(member -> member.number() != self.number()).toList());
    all.add(self);
    var leaving = new HashSet<>(roster.leaving());
    leaving.add(self.id());
    leaving.retainAll(all.stream().map(Member::id).toList());
    return new Members(self.id(), all, leaving);
  }

  /** Those that are to hold chunks and to vote. */
  public List<Member> staying() {
    return all.stream().filter(member -> !leaving.contains(member.id())).toList();
  }

  public Member self() {
    return member(selfId).orElseThrow();
  }

  /** Every member but this node. */
  public List<Member> others() {
    return all.stream().filter(member -> !member.id().equals(selfId)).toList();
  }

  public Optional<Member> member(String id) {
    return all.stream().filter(member -> member.id().equals(id)).findFirst();
  }
}
