package org.mesohub.placement;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The members of a cluster as all nodes have agreed on them. Immutable; changes are checked here
 * and fail with an {@link IllegalArgumentException} that tells what to do.
 *
 * <pre>
 *   unknown ── with ──► member ── leaving ──► emptied: its chunks go to others ── without ──► gone
 *                         ▲                      │
 *                         └─────── with ─────────┘
 * </pre>
 *
 * @param epoch rises with every change; 0: nothing is agreed on, the configuration counts
 * @param all every member, in the order in which they came
 * @param leaving ids of those that are to be taken out
 */
public record Roster(long epoch, List<Member> all, Set<String> leaving) {
  /** Nothing is agreed on. */
  public static final Roster NONE = new Roster(0, List.of(), Set.of());

  public Roster {
    all = List.copyOf(all);
    leaving = Set.copyOf(leaving);
    checkDistinct(all);
    if (all.size() > Members.MAX) {
      throw new IllegalArgumentException(
          "a cluster has at most %d members; take one out first".formatted(Members.MAX));
    }
    for (String id : leaving) {
      if (find(all, id) == null) {
        throw new IllegalArgumentException("no member %s; members are %s".formatted(id, ids(all)));
      }
    }
    if (epoch > 0 && !hasContact(all, leaving)) {
      throw new IllegalArgumentException(
          "no member would be left that clients can reach (contact: true); add one first");
    }
  }

  private static boolean hasContact(List<Member> members, Set<String> leaving) {
    return members.stream().anyMatch(member -> member.contact() && !leaving.contains(member.id()));
  }

  /** What a cluster begins with. */
  public static Roster first(List<Member> members) {
    return new Roster(1, members, Set.of());
  }

  public boolean isNone() {
    return epoch == 0;
  }

  public Optional<Member> member(String id) {
    return Optional.ofNullable(find(all, id));
  }

  /** With a member that is new, has moved to other addresses, or is to stay after all. */
  public Roster with(Member member) {
    var next = new ArrayList<Member>();
    boolean known = false;
    for (Member one : all) {
      boolean same = one.id().equals(member.id());
      next.add(same ? member : one);
      known |= same;
    }
    if (!known) {
      next.add(member);
    }
    return new Roster(epoch + 1, next, minus(leaving, member.id()));
  }

  /** With a member on its way out. */
  public Roster leaving(String id) {
    var next = new TreeSet<>(leaving);
    next.add(id);
    return new Roster(epoch + 1, all, next);
  }

  /** Without a member. */
  public Roster without(String id) {
    return new Roster(
        epoch + 1,
        all.stream().filter(member -> !member.id().equals(id)).toList(),
        minus(leaving, id));
  }

  private static Set<String> minus(Set<String> ids, String id) {
    var next = new TreeSet<>(ids);
    next.remove(id);
    return next;
  }

  private static @Nullable Member find(List<Member> members, String id) {
    return members.stream().filter(member -> member.id().equals(id)).findFirst().orElse(null);
  }

  private static List<String> ids(List<Member> members) {
    return members.stream().map(Member::id).toList();
  }

  /** Refuses two members that would be taken for one another. */
  static void checkDistinct(List<Member> members) {
    Map<String, String> taken = new HashMap<>();
    for (Member member : members) {
      for (String name : member.names()) {
        String other = taken.putIfAbsent(name, member.id());
        if (other != null) {
          throw new IllegalArgumentException(
              "%s stands at %s and at %s; each member needs its own"
                  .formatted(name, other, member.id()));
        }
      }
    }
  }
}
