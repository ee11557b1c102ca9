package org.mesohub.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.mesohub.catalog.Entries.commit;
import static org.mesohub.catalog.Entries.condemn;
import static org.mesohub.catalog.Entries.entry;
import static org.mesohub.catalog.Entries.hash;
import static org.mesohub.catalog.Entries.inline;
import static org.mesohub.catalog.Entries.put;
import static org.mesohub.catalog.Entries.replace;
import static org.mesohub.catalog.Entries.stored;
import static org.mesohub.catalog.Entries.token;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.mesohub.observation.Day;
import org.mesohub.placement.Member;
import org.mesohub.placement.Roster;
import org.mesohub.proto.internal.v1.Applied;
import org.mesohub.proto.internal.v1.Applied.ResultCase;
import org.mesohub.proto.internal.v1.ChangeMembers;
import org.mesohub.proto.internal.v1.Collected;
import org.mesohub.proto.internal.v1.DayDelta;
import org.mesohub.proto.internal.v1.DeleteRows;
import org.mesohub.proto.internal.v1.DropTombstones;
import org.mesohub.proto.internal.v1.Entry;
import org.mesohub.proto.internal.v1.Init;
import org.mesohub.proto.internal.v1.RaiseFloor;
import org.mesohub.proto.internal.v1.RunBody;
import org.mesohub.proto.internal.v1.Snapshot;
import org.mesohub.proto.internal.v1.Tombstone;

/** The transition table, command by command. */
class CatalogueTest {
  private static final long HOUR = 3_600_000_000L;

  private CatalogueState state = CatalogueState.empty("");
  private long now;

  private Applied apply(Entry entry) {
    now++;
    Catalogue.Transition transition = Catalogue.apply(state, now, entry);
    state = transition.state();
    return transition.answer();
  }

  private ResultCase result(Entry entry) {
    return apply(entry).getResultCase();
  }

  private List<RunRef> runs(int day) {
    return state.days().get(new Day(day)).runs();
  }

  @Test
  void rowsBecomeVisibleWholeUnderOneCommit() {
    Applied answer = apply(commit(state, stored("m"), List.of(3, 4), put(2)));

    assertThat(answer.getDone().getCommit()).isEqualTo(1);
    assertThat(state.rows()).isEqualTo(2);
    assertThat(runs(3)).isEqualTo(runs(4)).hasSize(1);
    assertThat(state.days().get(new Day(4)).networks()).containsExactly("net");
  }

  @Test
  void rowsComparedWithAnOlderDayConflictAndChangeNothing() {
    CatalogueState before = state;
    apply(commit(before, stored("m"), List.of(3), put(1)));
    CatalogueState then = state;

    assertThat(result(commit(before, stored("n"), List.of(3), put(1))))
        .isEqualTo(ResultCase.CONFLICT);
    assertThat(state.days()).isSameAs(then.days());
    assertThat(state.commit()).isEqualTo(1);
    assertThat(result(commit(before, stored("n"), List.of(4), put(1)))).isEqualTo(ResultCase.DONE);
  }

  @Test
  void aTokenReplaysOrConflictsWhateverElseTheEntrySays() {
    apply(commit(state, stored("m"), List.of(3), put(1, token("c", 7, "bytes"))));
    CatalogueState then = state;

    Entry again = commit(state, stored("n"), List.of(3), put(1), put(1, token("c", 7, "bytes")));
    assertThat(apply(again).getReplayed().getPut()).isEqualTo(1);
    Entry other = commit(state, stored("n"), List.of(3), put(1, token("c", 7, "other")));
    assertThat(apply(other).getRefused().getReason()).isEqualTo("TOKEN_CONFLICT");
    assertThat(state.days()).isSameAs(then.days());
  }

  @Test
  void oneTokenTwiceInAnEntryIsRefused() {
    Entry twice =
        commit(
            state, stored("m"), List.of(3), put(1, token("c", 7, "a")), put(1, token("c", 7, "a")));

    assertThat(apply(twice).getRefused().getReason()).isEqualTo("INVALID");
    assertThat(state.days()).isEmpty();
  }

  @Test
  void aTokenIsRememberedForADayAndNeverRunsAgainAfterwards() {
    apply(commit(state, stored("m"), List.of(3), put(1, token("c", 7, "bytes"))));
    now += 24 * HOUR - 2;
    assertThat(result(commit(state, stored("n"), List.of(3), put(1, token("c", 7, "bytes")))))
        .isEqualTo(ResultCase.REPLAYED);
    now += 2;

    Entry late = commit(state, stored("n"), List.of(3), put(1, token("c", 7, "bytes")));
    assertThat(apply(late).getRefused().getReason()).isEqualTo("TOKEN_EXPIRED");
    Entry older = commit(state, stored("n"), List.of(3), put(1, token("c", 6, "never seen")));
    assertThat(apply(older).getRefused().getReason()).isEqualTo("TOKEN_EXPIRED");
    assertThat(result(commit(state, stored("n"), List.of(3), put(1, token("c", 8, "new")))))
        .isEqualTo(ResultCase.DONE);
    assertThat(result(commit(state, stored("o"), List.of(3), put(1, token("d", 1, "new")))))
        .isEqualTo(ResultCase.DONE);
  }

  @Test
  void compactionReplacesExactlyItsInputsBeforeWhatCameMeanwhile() {
    apply(commit(state, inline("a"), List.of(3), put(1)));
    apply(commit(state, stored("b"), List.of(3), put(1)));
    CatalogueState seen = state;
    apply(commit(state, inline("c"), List.of(3), put(1)));

    assertThat(result(replace(seen, 3, 2, stored("ab")))).isEqualTo(ResultCase.DONE);
    assertThat(runs(3)).hasSize(2);
    assertThat(runs(3).get(0).body()).isEqualTo(new RunRef.Body.Stored(Entries.id("ab")));
    assertThat(runs(3).get(0).commit()).isEqualTo(2);
    assertThat(runs(3).get(1).commit()).isEqualTo(3);
    assertThat(state.dayVersion(new Day(3))).as("no reader notices").isEqualTo(3);
    assertThat(result(replace(seen, 3, 2, stored("ab")))).isEqualTo(ResultCase.CONFLICT);
  }

  @Test
  void compactionNamesInlineChunksByHashAndLeavesTheirBytesOut() {
    String chunk = "x".repeat(60_000);
    apply(commit(state, inline(chunk), List.of(3), put(1)));

    assertThat(replace(state, 3, 1, stored("m")).getSerializedSize()).isLessThan(500);
    assertThat(state.inlineBytes()).isEqualTo(60_000);
    assertThat(result(replace(state, 3, 1, stored("m")))).isEqualTo(ResultCase.DONE);
    assertThat(state.inlineBytes()).isZero();
  }

  @Test
  void condemnationHoldsOnlyForTheReferencesItWasBasedOn() {
    CatalogueState before = state;
    apply(commit(state, stored("m"), List.of(3), put(1)));

    assertThat(result(condemn(before, "m"))).isEqualTo(ResultCase.CONFLICT);
    assertThat(result(condemn(state, "n"))).isEqualTo(ResultCase.DONE);
    assertThat(state.condemned()).containsExactly(Entries.id("n"));
  }

  @Test
  void commitsAndCompactionsFromBeforeACondemnationConflict() {
    apply(commit(state, stored("m"), List.of(3), put(1)));
    CatalogueState before = state;
    apply(condemn(state, "n"));

    assertThat(result(commit(before, stored("n"), List.of(4), put(1))))
        .isEqualTo(ResultCase.CONFLICT);
    assertThat(result(replace(before, 3, 1, stored("n")))).isEqualTo(ResultCase.CONFLICT);
    apply(entry().setCollected(Collected.newBuilder().addChunks(hash("n"))).build());
    assertThat(state.condemned()).isEmpty();
    assertThat(result(commit(before, stored("n"), List.of(4), put(1))))
        .as("what was drafted before the removal lacks its chunk")
        .isEqualTo(ResultCase.CONFLICT);
  }

  @Test
  void aDeletionConflictsWithADayThatItDidNotCount() {
    apply(commit(state, stored("m"), List.of(3), put(1)));
    Entry delete = delete(state, 3);
    apply(commit(state, stored("n"), List.of(4), put(1)));

    assertThat(result(delete)).isEqualTo(ResultCase.CONFLICT);
    assertThat(state.tombstones()).isEmpty();
    assertThat(result(delete(state, 3, 4))).isEqualTo(ResultCase.DONE);
    assertThat(state.tombstones()).hasSize(1);
    assertThat(state.rows()).isZero();
  }

  private static Entry delete(CatalogueState at, int... days) {
    var command =
        DeleteRows.newBuilder()
            .setDeleted(days.length)
            .setTombstone(Tombstone.newBuilder().setFromUs(0).setToUs(new Day(100).endMicros()));
    for (int day : days) {
      command.addDays(
          DayDelta.newBuilder()
              .setEpochDay(day)
              .setRows(-1)
              .setChanged(true)
              .setBasis(at.dayVersion(new Day(day))));
    }
    return entry().setDeleteRows(command).build();
  }

  @Test
  void theFloorIsRaisedButNeverLoweredAndNotAboveTheNewestCommit() {
    apply(commit(state, stored("m"), List.of(3), put(1)));
    apply(commit(state, stored("n"), List.of(3), put(1)));

    assertThat(result(raise(3))).isEqualTo(ResultCase.REFUSED);
    assertThat(result(raise(2))).isEqualTo(ResultCase.DONE);
    assertThat(result(raise(1))).isEqualTo(ResultCase.DONE);
    assertThat(state.floor()).isEqualTo(2);
    assertThat(Snapshots.decode(Snapshots.encode(state)).retention()).isEqualTo(state.retention());
  }

  @Test
  void theCommitOfATimeIsTheLastMarkedOneBeforeIt() {
    var times = new java.util.TreeMap<Long, Long>();
    for (int i = 0; i < 40; i++) {
      now += HOUR;
      apply(commit(state, stored("m" + i), List.of(3), put(1)));
      times.put(now, state.commit());
    }
    assertThat(state.retention().marks()).hasSizeLessThan(10);
    for (long time = 0; time < now + HOUR; time += HOUR / 2) {
      var exact = times.floorEntry(time);
      var early = times.floorEntry(time - Retention.MARKS_APART_MICROS - 2 * HOUR);
      assertThat(state.retention().commitAt(time))
          .isBetween(early == null ? 0 : early.getValue(), exact == null ? 0 : exact.getValue());
    }
    assertThat(state.retention().commitAt(now)).as("the newest is always known").isEqualTo(40);
    apply(raise(30));
    assertThat(state.retention().commitAt(0)).isZero();
    assertThat(state.retention().commitAt(now)).isEqualTo(40);
  }

  @Test
  void aDeletionIsDroppedOnceWhatItHidesIsGoneFromEveryRun() {
    apply(commit(state, stored("m"), List.of(3), put(1)));
    apply(commit(state, stored("n"), List.of(4), put(1)));
    apply(delete(state, 3, 4));
    Entry drop = entry().setDropTombstones(DropTombstones.newBuilder().addCommits(3)).build();

    apply(drop);
    assertThat(state.tombstones()).as("states before it are readable").hasSize(1);
    apply(raise(3));
    apply(drop);
    assertThat(state.tombstones()).as("no run is rewritten yet").hasSize(1);
    apply(trim(3, stored("m2")));
    apply(drop);
    assertThat(state.tombstones()).as("day 4 has the rows still").hasSize(1);
    apply(trim(4, null));
    assertThat(state.days()).containsOnlyKeys(new Day(3));
    apply(drop);
    assertThat(state.tombstones()).isEmpty();
  }

  @Test
  void aDayIsToBeRewrittenFromItsFirstCorrectionOnUntilTheLastIsTrimmed() {
    for (int i = 0; i < 5; i++) {
      var command = commit(state, stored("m" + i), List.of(3), put(1)).toBuilder();
      command.getCommitRowsBuilder().getDaysBuilder(0).setSupersedes(i == 1 || i == 3);
      apply(command.build());
    }
    assertThat(superseded()).isEqualTo(new Superseded(2, 4));
    apply(raise(3));
    apply(trim(3, stored("a")));
    assertThat(superseded()).isEqualTo(new Superseded(4, 4));
    assertThat(Snapshots.decode(Snapshots.encode(state)).days()).isEqualTo(state.days());
    apply(raise(4));
    apply(trim(3, stored("b")));
    assertThat(superseded()).isEqualTo(Superseded.NONE);
  }

  @Test
  void aSnapshotOfAnOlderReleaseLosesNoDeletionBeforeItsDayIsRewritten() throws Exception {
    apply(commit(state, stored("m"), List.of(3), put(1)));
    apply(delete(state, 3));
    var older = Snapshot.parseFrom(Snapshots.encode(state)).toBuilder().setFeatureLevel(1);
    older.getDaysBuilder(0).clearSupersededFirst().clearSupersededLast();
    state = Snapshots.decode(older.build().toByteArray());
    Entry drop = entry().setDropTombstones(DropTombstones.newBuilder().addCommits(2)).build();

    apply(raise(2));
    apply(drop);
    assertThat(state.tombstones()).hasSize(1);
    apply(trim(3, stored("n")));
    apply(drop);
    assertThat(state.tombstones()).isEmpty();
  }

  private Superseded superseded() {
    return state.days().get(new Day(3)).superseded();
  }

  private static Entry raise(long commit) {
    return entry().setRaiseFloor(RaiseFloor.newBuilder().setCommit(commit)).build();
  }

  /** Rewrites all runs of a day for the floor; without output nothing is left. */
  private Entry trim(int day, RunBody output) {
    var entry = replace(state, day, runs(day).size(), stored("unused")).toBuilder();
    var command = entry.getReplaceRunsBuilder().setTrimmedTo(state.floor()).clearOutput();
    command.getDaysBuilder(0).setWhole(true).setEmptied(output == null);
    if (output != null) {
      command.setOutput(output);
    }
    return entry.build();
  }

  @Test
  void theCatalogueIsNamedOnce() {
    Entry init = entry().setInit(Init.newBuilder().setCluster("here")).build();
    Entry other = entry().setInit(Init.newBuilder().setCluster("there")).build();

    assertThat(result(init)).isEqualTo(ResultCase.DONE);
    assertThat(result(init)).isEqualTo(ResultCase.DONE);
    assertThat(result(other)).isEqualTo(ResultCase.REFUSED);
    assertThat(state.clusterId()).isEqualTo("here");
  }

  @Test
  void membersChangeOneAfterTheOtherAndSurviveASnapshotAndARestore() {
    var one = new Member("n1", 1, "h1", 1, 2, 3, "h1:4", true);
    var two = new Member("n2", 2, "h2", 1, 2, 3, "h2:4", false);
    Roster first = Roster.first(List.of(one));
    Roster both = first.with(two);

    assertThat(result(members(first))).isEqualTo(ResultCase.DONE);
    assertThat(result(members(first))).isEqualTo(ResultCase.CONFLICT);
    assertThat(result(members(both))).isEqualTo(ResultCase.DONE);
    assertThat(result(members(first.with(two)))).isEqualTo(ResultCase.CONFLICT);
    Entry nobody = entry().setChangeMembers(ChangeMembers.newBuilder().setBasis(2)).build();
    assertThat(apply(nobody).getRefused().getMessage()).contains("clients can reach");
    assertThat(result(members(both.leaving("n2")))).isEqualTo(ResultCase.DONE);
    assertThat(state.roster().all()).containsExactly(one, two);
    assertThat(Snapshots.decode(Snapshots.encode(state)).roster()).isEqualTo(state.roster());
    assertThat(state.replacedBy(CatalogueState.empty("other")).roster()).isEqualTo(state.roster());
  }

  private static Entry members(Roster roster) {
    return Rosters.entry(roster).setFormat(Catalogue.FORMAT).build();
  }

  @Test
  void anUnknownFormatOrKindStopsTheLogWithAClearText() {
    assertThatThrownBy(() -> apply(Entry.newBuilder().setFormat(2).build()))
        .hasMessageContaining("format 2");
    assertThatThrownBy(() -> apply(entry().build())).hasMessageContaining("newer release");
  }
}
