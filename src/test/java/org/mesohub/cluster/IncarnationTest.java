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
    Incarnation member = made.become(folder, Standing.MEMBER);
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
    Incarnation joining = Incarnation.of(folder, group).become(folder, Standing.JOINING);
    Files.createDirectories(group.resolve("current"));
    Files.writeString(group.resolve("current/log"), "entries");
    Files.writeString(folder.resolve("identity"), "of this log");
    new Roll(folder).meet("n2", UUID.randomUUID());
    Incarnation anew = Incarnation.of(folder, group);
    assertThat(anew.standing()).isEqualTo(Standing.NEW);
    assertThat(anew.id()).isNotEqualTo(joining.id());
    assertThat(group).doesNotExist();
    assertThat(folder.resolve("identity")).doesNotExist();
    assertThat(new Roll(folder).met("n2")).isEmpty();
  }

  @Test
  void a_member_whose_log_is_gone_is_another() throws Exception {
    Incarnation member = Incarnation.of(folder, group).become(folder, Standing.MEMBER);
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
    roll.meet("n1", first);
    roll.meet("n2", first);
    roll.meet("n1", second);
    assertThat(new Roll(folder).met("n1")).contains(second);
    assertThat(new Roll(folder).met("n2")).contains(first);
    assertThat(new Roll(folder).met("n3")).isEmpty();
  }
}
