package org.mesohub.placement;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class MembersTest {
  @Test
  void tellsItselfFromTheOthersInTheOrderOfTheConfiguration() {
    Members members = new Members("n2", PlacementTest.members(4));
    assertThat(members.self().number()).isEqualTo(2);
    assertThat(members.others()).extracting(Member::id).containsExactly("n1", "n3", "n4");
    assertThat(members.member("n4")).map(Member::number).hasValue(4);
    assertThat(members.member("n9")).isEmpty();
  }

  @Test
  void refusesIdsAndNumbersThatComeTwice() {
    Member one = PlacementTest.member(1);
    Member sameNumber = new Member("x", 1, "h", 1, 2, 3, "h:4", true);
    Member sameId = new Member("n1", 7, "h", 1, 2, 3, "h:4", true);
    for (Member other : List.of(one, sameNumber, sameId)) {
      assertThatThrownBy(() -> new Members("n1", List.of(one, other)))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("distinct");
    }
  }

  @Test
  void refusesANodeThatIsNoMemberAndMoreThanVoteWell() {
    assertThatThrownBy(() -> new Members("n9", PlacementTest.members(3)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("n9");
    assertThat(new Members("n9", PlacementTest.members(Members.MAX)).all()).hasSize(9);
    assertThatThrownBy(() -> new Members("n1", PlacementTest.members(Members.MAX + 1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("at most 9");
  }

  @Test
  void refusesMembersThatCannotBeReached() {
    assertThatThrownBy(() -> new Member(" ", 1, "h", 1, 2, 3, "h:4", true))
        .hasMessageContaining("an id and a host");
    for (String id : List.of("a b", "a\nb", "a".repeat(65))) {
      assertThatThrownBy(() -> new Member(id, 1, "h", 1, 2, 3, "h:4", true))
          .hasMessageContaining("without blanks");
    }
    assertThatThrownBy(() -> new Member("a", 1, "h h", 1, 2, 3, "h:4", true))
        .hasMessageContaining("without blanks");
    assertThatThrownBy(() -> new Member("a", -1, "h", 1, 2, 3, "h:4", true))
        .hasMessageContaining("negative");
    assertThat(new Member("a", 1, "127.evil.example", 1, 2, 3, "", true).isLoopback()).isFalse();
    assertThat(new Member("a", 1, "127.0.0.9", 1, 2, 3, "", true).isLoopback()).isTrue();
    assertThatThrownBy(() -> new Member("a", 1, "h", 1, 2, 65_536, "h:4", true))
        .hasMessageContaining("1 to 65535")
        .hasMessageContaining("65536");
    assertThatThrownBy(() -> new Member("a", 1, "h", 0, 2, 3, "h:4", true))
        .hasMessageContaining("discovery 0");
  }
}
