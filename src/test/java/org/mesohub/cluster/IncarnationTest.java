package org.mesohub.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mesohub.proto.internal.v1.Greeting.Standing;

class IncarnationTest {
  @TempDir Path folder;
  private Path group;

  @BeforeEach
  void name() {
    group = folder.resolve("group");
  }

  @Test
  void a_new_folder_has_one_that_stays() throws Exception {
    Incarnation made = Incarnation.of(folder, group);
    assertThat(made.standing()).isEqualTo(Standing.NEW);
    assertThat(Incarnation.of(folder, group)).isEqualTo(made);
    Files.createDirectory(group);
    Incarnation member = made.become(folder, Standing.MEMBER, 3);
    assertThat(Incarnation.of(folder, group)).isEqualTo(member);
    assertThat(member.id()).isEqualTo(made.id());
  }

  @Test
  void a_log_older_than_incarnations_is_a_members() throws Exception {
    Files.createDirectory(group);
    assertThat(Incarnation.of(folder, group).standing()).isEqualTo(Standing.MEMBER);
  }

  @Test
  void one_that_was_left_while_it_joined_is_another_without_log_and_roll() throws Exception {
    Incarnation joining = Incarnation.of(folder, group).become(folder, Standing.JOINING, 2);
    Files.createDirectories(group.resolve("current"));
    Files.writeString(group.resolve("current/log"), "entries");
    Files.writeString(folder.resolve("identity"), "of this log");
    new Roll(folder).meet("n2", UUID.randomUUID(), 1);
    Incarnation anew = Incarnation.of(folder, group);
    assertThat(anew.standing()).isEqualTo(Standing.NEW);
    assertThat(anew.id()).isNotEqualTo(joining.id());
    assertThat(group).doesNotExist();
    assertThat(folder.resolve("identity")).doesNotExist();
    assertThat(new Roll(folder).met("n2")).isEmpty();
  }

  @Test
  void a_member_whose_log_is_gone_is_another() throws Exception {
    Incarnation member = Incarnation.of(folder, group).become(folder, Standing.MEMBER, 3);
    Files.writeString(folder.resolve("identity"), "of a log that was");
    Incarnation anew = Incarnation.of(folder, group);
    assertThat(anew.standing()).isEqualTo(Standing.NEW);
    assertThat(anew.id()).isNotEqualTo(member.id());
    assertThat(folder.resolve("identity")).doesNotExist();
  }

  @Test
  void a_damaged_file_says_what_to_do() throws Exception {
    Files.writeString(folder.resolve("incarnation"), "half");
    assertThatThrownBy(() -> Incarnation.of(folder, group))
        .hasMessageContaining("remove the folder");
  }

  @Test
  void a_roll_remembers_and_replaces() throws Exception {
    var roll = new Roll(folder);
    UUID first = UUID.randomUUID();
    UUID second = UUID.randomUUID();
    roll.meet("n1", first, 1);
    roll.meet("n2", first, 1);
    roll.meet("n1", second, 2);
    assertThat(new Roll(folder).met("n1")).contains(new Roll.Met(second, 2));
    assertThat(new Roll(folder).met("n2")).contains(new Roll.Met(first, 1));
    assertThat(new Roll(folder).met("n3")).isEmpty();
  }

  @Test
  void a_roll_forgets_no_life_and_takes_a_later_one_for_the_one_that_is() throws Exception {
    var roll = new Roll(folder);
    UUID first = UUID.randomUUID();
    UUID second = UUID.randomUUID();
    roll.meet("n1", first, 2);
    roll.meet("n1", second, 0);
    assertThat(roll.met("n1")).contains(new Roll.Met(second, 2));
    roll.meetLater("n1", first, 2);
    assertThat(roll.met("n1")).contains(new Roll.Met(second, 2));
    roll.meetLater("n1", first, 3);
    assertThat(new Roll(folder).met("n1")).contains(new Roll.Met(first, 3));
  }

  @Test
  void files_of_a_release_that_counted_no_lives_are_read() throws Exception {
    UUID id = UUID.randomUUID();
    Files.writeString(folder.resolve("incarnation"), id + " MEMBER\n");
    Files.writeString(folder.resolve("roll"), "n2 " + id + "\n");
    Files.createDirectory(group);
    assertThat(Incarnation.of(folder, group)).isEqualTo(new Incarnation(id, Standing.MEMBER, 1));
    assertThat(new Roll(folder).met("n2")).contains(new Roll.Met(id, 1));
  }

  @Test
  void a_member_that_ended_before_its_log_was_made_goes_on() throws Exception {
    Incarnation member = Incarnation.of(folder, group).become(folder, Standing.MEMBER, 1);
    assertThat(Incarnation.of(folder, group)).isEqualTo(member);
  }

  @Test
  void one_that_was_added_and_never_voted_goes_on_with_its_log() throws Exception {
    Incarnation added = Incarnation.of(folder, group).become(folder, Standing.ADDED, 1);
    assertThat(Incarnation.of(folder, group)).isEqualTo(added);
    Files.createDirectory(group);
    assertThat(Incarnation.of(folder, group)).isEqualTo(added);
  }
}
