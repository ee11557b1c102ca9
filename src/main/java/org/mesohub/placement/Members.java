package org.mesohub.placement;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * All nodes of a cluster, seen from one of them.
 *
 * @param selfId id of the node that looks
 * @param all every member, itself included, in the order of the configuration
 */
public record Members(String selfId, List<Member> all) {
  /** More voters make every commit slower and protect against nothing that happens. */
  public static final int MAX = 9;

  public Members {
    all = List.copyOf(all);
    Set<Object> ids = new HashSet<>();
    Set<Object> numbers = new HashSet<>();
    for (Member member : all) {
      if (!ids.add(member.id()) || !numbers.add(member.number())) {
        throw new IllegalArgumentException(
            "ids and numbers of members must be distinct, got " + member.id() + " twice");
      }
    }
    if (!ids.contains(selfId) || all.size() > MAX) {
      throw new IllegalArgumentException(
          "members must contain %s and be at most %d, got %s".formatted(selfId, MAX, ids));
    }
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
