package org.mesohub.placement;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RosterTest {
  private static final Roster THREE = Roster.first(PlacementTest.members(3));

  @Test
  void membersComeLeaveAndGoAndEachChangeIsANewEpoch() {
    Roster four = THREE.with(PlacementTest.member(4));
    assertThat(four.all()).extracting(Member::id).containsExactly("n1", "n2", "n3", "n4");
    Roster leaving = four.leaving("n2");
    assertThat(leaving.leaving()).containsExactly("n2");
    assertThat(leaving.all()).hasSize(4);
    Roster gone = leaving.without("n2");
    assertThat(gone.all()).extracting(Member::id).containsExactly("n1", "n3", "n4");
    assertThat(gone.leaving()).isEmpty();
    assertThat(List.of(THREE.epoch(), four.epoch(), leaving.epoch(), gone.epoch()))
        .containsExactly(1L, 2L, 3L, 4L);
  }

  @Test
  void oneThatLeavesCanStayAfterAllAndOneThatMovesKeepsItsPlace() {
    assertThat(THREE.leaving("n2").with(PlacementTest.member(2)).leaving()).isEmpty();
    var moved = new Member("n2", 2, "elsewhere", 7, 8, 9, "elsewhere:80", true);
    assertThat(THREE.with(moved).all())
        .containsExactly(PlacementTest.member(1), moved, PlacementTest.member(3));
  }

  @Test
  void refusesWhatWouldBeTakenForAnother() {
    Member one = PlacementTest.member(1);
    List<Member> alike =
        List.of(
            new Member("x", one.number(), "h", 1, 2, 3, "h:4", true),
            new Member("x", 7, one.host(), one.busPort(), 2, 3, "h:4", true),
            new Member("x", 7, "h", 1, 2, 3, one.publicAddress(), true));
    for (Member member : alike) {
      assertThatThrownBy(() -> THREE.with(member))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("stands at n1 and at x");
    }
  }

  @Test
  void refusesTooManyAndNobodyWhomClientsReachAndStrangers() {
    Roster nine = Roster.first(PlacementTest.members(Members.MAX));
    assertThatThrownBy(() -> nine.with(PlacementTest.member(10))).hasMessageContaining("at most 9");
    Roster last = THREE.leaving("n1").leaving("n2");
    assertThatThrownBy(() -> last.leaving("n3")).hasMessageContaining("clients can reach");
    assertThatThrownBy(() -> THREE.leaving("n9")).hasMessageContaining("no member n9");
  }

  @Test
  void aMembershipFollowsTheRosterAndForgetsTheConfiguration() {
    var membership = new Membership(new Members("n1", PlacementTest.members(2)));
    List<Members> told = new ArrayList<>();
    membership.onChange(told::add);
    var second = new Member("x", 2, "elsewhere", 7, 8, 9, "elsewhere:80", true);
    membership.heardOf(List.of(PlacementTest.member(2), PlacementTest.member(5), second));
    assertThat(membership.now().others()).extracting(Member::id).containsExactly("n2", "n5");
    membership.agreed(THREE.leaving("n3"));
    assertThat(membership.now().all()).extracting(Member::id).containsExactly("n1", "n2", "n3");
    assertThat(membership.now().staying()).extracting(Member::id).containsExactly("n1", "n2");
    membership.agreed(THREE);
    membership.heardOf(List.of(PlacementTest.member(6)));
    assertThat(membership.epoch()).isEqualTo(2);
    Roster later = THREE.with(PlacementTest.member(4)).with(PlacementTest.member(7));
    membership.heardOf(later); // known to others before the log of this node tells
    assertThat(membership.now().others())
        .extracting(Member::id)
        .containsExactly("n2", "n3", "n4", "n7");
    membership.agreed(THREE.leaving("n3"));
    assertThat(membership.epoch()).isEqualTo(3);
    assertThat(told).hasSize(4).last().isEqualTo(membership.now());
  }

  @Test
  void aNodeListensWhereItsConfigurationSays() {
    var moved = new Member("n1", 1, "elsewhere", 7, 8, 9, "elsewhere:80", true);
    var membership = new Membership(new Members("n1", List.of(moved)));
    membership.agreed(THREE);
    assertThat(membership.now().self()).isEqualTo(moved);
    assertThat(membership.now().others()).extracting(Member::id).containsExactly("n2", "n3");
  }

  @Test
  void aNodeThatIsNotListedSeesItselfLeave() {
    var membership = new Membership(new Members("n4", PlacementTest.members(4)));
    membership.agreed(THREE);
    assertThat(membership.now().self().id()).isEqualTo("n4");
    assertThat(membership.now().leaving()).isEqualTo(Set.of("n4"));
    assertThat(membership.now().others()).extracting(Member::id).containsExactly("n1", "n2", "n3");
  }
}
