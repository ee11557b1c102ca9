package org.mesohub.catalog;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.mesohub.catalog.Catalogue.Transition;
import org.mesohub.placement.Member;
import org.mesohub.placement.Roster;
import org.mesohub.proto.internal.v1.ChangeMembers;
import org.mesohub.proto.internal.v1.Entry;
import org.mesohub.proto.internal.v1.ListedMember;

/** The members of the cluster as a part of the catalogue. */
public final class Rosters {
  private Rosters() {}

  /** The entry that makes a roster of the one before it. */
  public static Entry.Builder entry(Roster next) {
    return Entry.newBuilder()
        .setChangeMembers(
            ChangeMembers.newBuilder().setBasis(next.epoch() - 1).addAllMembers(toProto(next)));
  }

  /** The roster that an entry makes. */
  public static Roster of(ChangeMembers command) {
    return fromProto(command.getBasis() + 1, command.getMembersList());
  }

  static Transition change(CatalogueState state, ChangeMembers command) {
    if (command.getBasis() != state.roster().epoch()) {
      return Catalogue.conflict(state, "the members changed meanwhile");
    }
    Roster next;
    try {
      next = of(command);
    } catch (IllegalArgumentException e) {
      return Catalogue.refused(state, "INVALID", String.valueOf(e.getMessage()));
    }
    return Catalogue.done(state.withRoster(next));
  }

  static List<ListedMember> toProto(Roster roster) {
    return roster.all().stream()
        .map(member -> toProto(member, roster.leaving().contains(member.id())))
        .toList();
  }

  /** A member as messages name it. */
  public static ListedMember toProto(Member member, boolean leaving) {
    return ListedMember.newBuilder()
        .setId(member.id())
        .setNumber(member.number())
        .setHost(member.host())
        .setDiscoveryPort(member.discoveryPort())
        .setBusPort(member.busPort())
        .setInternalPort(member.internalPort())
        .setPublicAddress(member.publicAddress())
        .setContact(member.contact())
        .setLeaving(leaving)
        .build();
  }

  /** The member that a message names; {@link IllegalArgumentException} when there can be none. */
  public static Member fromProto(ListedMember listed) {
    return new Member(
        listed.getId(),
        listed.getNumber(),
        listed.getHost(),
        listed.getDiscoveryPort(),
        listed.getBusPort(),
        listed.getInternalPort(),
        listed.getPublicAddress(),
        listed.getContact());
  }

  /** The roster of an epoch that messages name. */
  public static Roster of(long epoch, List<ListedMember> listed) {
    return fromProto(epoch, listed);
  }

  static Roster fromProto(long epoch, List<ListedMember> listed) {
    List<Member> all = new ArrayList<>();
    Set<String> leaving = new HashSet<>();
    for (ListedMember one : listed) {
      all.add(fromProto(one));
      if (one.getLeaving()) {
        leaving.add(one.getId());
      }
    }
    return new Roster(epoch, all, leaving);
  }
}
