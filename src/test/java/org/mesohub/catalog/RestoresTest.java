package org.mesohub.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mesohub.catalog.Entries.commit;
import static org.mesohub.catalog.Entries.condemn;
import static org.mesohub.catalog.Entries.entry;
import static org.mesohub.catalog.Entries.inline;
import static org.mesohub.catalog.Entries.put;
import static org.mesohub.catalog.Entries.stored;
import static org.mesohub.catalog.Entries.token;

import com.google.protobuf.ByteString;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.mesohub.proto.internal.v1.Applied;
import org.mesohub.proto.internal.v1.Applied.ResultCase;
import org.mesohub.proto.internal.v1.DeleteRows;
import org.mesohub.proto.internal.v1.Entry;
import org.mesohub.proto.internal.v1.RestorePart;
import org.mesohub.proto.internal.v1.Snapshot;
import org.mesohub.proto.internal.v1.Tombstone;

/** How pieces of a snapshot become the state, and when they do not. */
class RestoresTest {
  private static final int PART_BYTES = 50;
  private static final long LATER = 10_000_000_000L;

  private final CatalogueState source = source();
  private final byte[] snapshot = Snapshots.encode(source);
  private CatalogueState state = CatalogueState.empty("new");
  private long now = 1;

  /** Rows inline and stored, a deletion, a token, something being removed. */
  private static CatalogueState source() {
    CatalogueState state = CatalogueState.empty("old");
    state =
        next(state, 1_000, commit(state, stored("m"), List.of(3, 4), put(2, token("c", 7, "b"))));
    state = next(state, 2_000, commit(state, inline("rows"), List.of(4), put(1)));
    state =
        next(
            state,
            3_000,
            entry()
                .setDeleteRows(
                    DeleteRows.newBuilder().setDeleted(1).setTombstone(Tombstone.newBuilder()))
                .build());
    state = next(state, 4_000, condemn(state, "garbage"));
    return next(state, LATER, commit(state, stored("n"), List.of(5), put(1)));
  }

  private static CatalogueState next(CatalogueState state, long time, Entry entry) {
    Catalogue.Transition transition = Catalogue.apply(state, time, entry);
    assertThat(transition.answer().getResultCase()).isEqualTo(ResultCase.DONE);
    return transition.state();
  }

  private Applied apply(Entry entry) {
    Catalogue.Transition transition = Catalogue.apply(state, ++now, entry);
    state = transition.state();
    return transition.answer();
  }

  private List<Entry> pieces(byte[] of, long condemnEpoch) {
    return Restores.entries(of, condemnEpoch, PART_BYTES).stream()
        .map(piece -> piece.setFormat(Catalogue.FORMAT).build())
        .toList();
  }

  private void applyAll(List<Entry> pieces) {
    pieces.forEach(piece -> assertThat(apply(piece).getResultCase()).isEqualTo(ResultCase.DONE));
  }

  private void assertRestored() {
    assertThat(state.commit()).isEqualTo(source.commit());
    assertThat(state.days()).isEqualTo(source.days());
    assertThat(state.tombstones()).isEqualTo(source.tombstones()).hasSize(1);
    assertThat(state.retention()).isEqualTo(source.retention());
    assertThat(state.stationPages()).isEqualTo(source.stationPages());
    assertThat(state.restore().isNone()).isTrue();
  }

  @Test
  void allPiecesInOrderMakeTheSnapshotTheStateAndNoneBeforeTheLastShows() {
    List<Entry> pieces = pieces(snapshot, 0);
    assertThat(pieces).hasSizeGreaterThan(5);
    for (Entry piece : pieces) {
      assertThat(state.commit()).isZero();
      assertThat(state.days()).isEmpty();
      assertThat(apply(piece).getResultCase()).isEqualTo(ResultCase.DONE);
    }
    assertRestored();
  }

  @Test
  void theClusterKeepsItsNameAndItsRemovalsWhileTimeAndEpochsOnlyRise() {
    apply(condemn(state, "old garbage"));
    apply(condemn(state, "more garbage"));
    applyAll(pieces(snapshot, 2));

    assertRestored();
    assertThat(state.clusterId()).isEqualTo("new");
    assertThat(state.condemned())
        .containsExactlyInAnyOrder(Entries.id("old garbage"), Entries.id("more garbage"));
    assertThat(state.condemnEpoch()).isEqualTo(3);
    assertThat(state.runsEpoch()).isGreaterThan(source.runsEpoch());
    assertThat(state.timeMicros()).isEqualTo(LATER);

    CatalogueState restored = state;
    assertThat(apply(commit(state, stored("x"), List.of(9), put(1))).getDone().getTimeUs())
        .isEqualTo(LATER);
    assertThat(apply(commit(restored, stored("y"), List.of(9), put(1))).getResultCase())
        .isEqualTo(ResultCase.CONFLICT);
  }

  @Test
  void aRestoreLaterThanTheBackupHasTheLaterTime() {
    now = 2 * LATER;
    applyAll(pieces(snapshot, 0));
    assertThat(state.timeMicros()).isEqualTo(now);
  }

  @Test
  void tokensReplayAfterwards() {
    applyAll(pieces(snapshot, 0));
    Applied again = apply(commit(state, stored("m"), List.of(3), put(2, token("c", 7, "b"))));
    assertThat(again.getReplayed().getPut()).isZero();
    assertThat(again.getResultCase()).isEqualTo(ResultCase.REPLAYED);
  }

  @Test
  void aCommitDraftedBeforeConflicts() {
    CatalogueState before = state;
    applyAll(pieces(snapshot, 0));
    assertThat(apply(commit(before, stored("x"), List.of(99), put(1))).getResultCase())
        .isEqualTo(ResultCase.CONFLICT);
  }

  @Test
  void repeatedPiecesChangeNothing() {
    List<Entry> pieces = pieces(snapshot, 0);
    applyAll(pieces.subList(0, 4));
    CatalogueState then = state;
    applyAll(pieces.subList(0, 4));
    assertThat(state.restore()).isEqualTo(then.restore());
    applyAll(pieces.subList(4, pieces.size()));
    assertRestored();
  }

  @Test
  void piecesOutOfOrderAreRefused() {
    List<Entry> pieces = pieces(snapshot, 0);
    assertThat(apply(pieces.get(1)).getRefused().getMessage()).contains("without those before it");
    apply(pieces.get(0));
    assertThat(apply(pieces.get(2)).getRefused().getMessage()).contains("without those before it");
    applyAll(pieces);
    assertRestored();
  }

  @Test
  void anotherSnapshotBeginsAnewWithItsFirstPieceOnly() {
    byte[] other = Snapshots.encode(source.named("another"));
    List<Entry> pieces = pieces(snapshot, 0);
    List<Entry> others = pieces(other, 0);
    applyAll(pieces.subList(0, 2));
    assertThat(apply(pieces(append(snapshot), 0).get(2)).getResultCase())
        .isEqualTo(ResultCase.REFUSED);
    apply(others.get(0));
    assertThat(apply(pieces.get(2)).getResultCase()).isEqualTo(ResultCase.REFUSED);
    applyAll(pieces);
    assertRestored();
  }

  @Test
  void piecesOfOtherBytesThanTheirNameSaysAreForgotten() {
    List<Entry> pieces = new ArrayList<>(pieces(snapshot, 0));
    RestorePart second = pieces.get(1).getRestorePart();
    byte[] wrong = second.getPart().toByteArray();
    wrong[7] ^= 1;
    Entry flipped =
        entry().setRestorePart(second.toBuilder().setPart(ByteString.copyFrom(wrong))).build();
    apply(pieces.get(0));
    apply(flipped);
    assertThat(apply(pieces.get(1)).getRefused().getMessage()).contains("with other bytes");
    applyAll(pieces.subList(2, pieces.size() - 1));
    assertThat(apply(pieces.get(pieces.size() - 1)).getRefused().getMessage())
        .contains("do not have the hash");
    assertThat(state.restore().isNone()).isTrue();
    applyAll(pieces);
    assertRestored();
  }

  @Test
  void aCatalogueWithCommitsIsNotReplacedAndForgetsPieces() {
    List<Entry> pieces = pieces(snapshot, 0);
    applyAll(pieces.subList(0, 3));
    apply(commit(state, stored("m"), List.of(1), put(1)));
    CatalogueState then = state;

    assertThat(then.restore().isNone()).isTrue();
    pieces.forEach(
        piece -> assertThat(apply(piece).getRefused().getMessage()).contains("not empty"));
    assertThat(state.days()).isEqualTo(then.days());
  }

  @Test
  void aCondemnationAfterTheChunksWereFoundIsAConflict() {
    List<Entry> pieces = pieces(snapshot, 0);
    applyAll(pieces.subList(0, pieces.size() - 1));
    apply(condemn(state, "m"));
    assertThat(apply(pieces.get(pieces.size() - 1)).getResultCase()).isEqualTo(ResultCase.CONFLICT);
    assertThat(state.commit()).isZero();
    applyAll(pieces(snapshot, 1));
    assertRestored();
  }

  @Test
  void piecesTogetherAreBounded() {
    List<Entry> pieces = pieces(snapshot, 0);
    CatalogueState at = state;
    for (int i = 0; i < 2; i++) {
      at = Restores.part(at, pieces.get(i).getRestorePart(), 2 * PART_BYTES + 1).state();
      assertThat(at.restore().bytes()).isEqualTo((i + 1) * PART_BYTES);
    }
    Catalogue.Transition third =
        Restores.part(at, pieces.get(2).getRestorePart(), 2 * PART_BYTES + 1);
    assertThat(third.answer().getRefused().getMessage()).contains("more than 101 bytes");
    assertThat(third.state().restore().isNone()).isTrue();
  }

  @Test
  void nonsensePositionsAreRefused() {
    for (int[] at : new int[][] {{0, 0}, {1, 1}, {-1, 3}, {0, 1 << 20}}) {
      var piece = RestorePart.newBuilder().setId(Entries.hash("x")).setIndex(at[0]).setCount(at[1]);
      assertThat(apply(entry().setRestorePart(piece).build()).getResultCase())
          .isEqualTo(ResultCase.REFUSED);
    }
  }

  @Test
  void aNodeThatGoesOnFromAStateSnapshotInTheMiddleComesToTheSameState() {
    for (long seed = 0; seed < 20; seed++) {
      var random = new Random(seed);
      state = CatalogueState.empty("new");
      now = 1;
      CatalogueState other = state;
      long time = now;
      for (Entry piece : pieces(snapshot, 0)) {
        apply(piece);
        if (random.nextInt(3) == 0) {
          other = Snapshots.decode(Snapshots.encode(other));
        }
        other = Catalogue.apply(other, ++time, piece).state();
      }
      assertRestored();
      assertThat(Snapshots.encode(other)).as("seed " + seed).isEqualTo(Snapshots.encode(state));
    }
  }

  @Test
  void onlyStatesWithPiecesNeedAReleaseThatKnowsThem() throws Exception {
    assertThat(Snapshot.parseFrom(Snapshots.encode(state)).getFeatureLevel()).isEqualTo(2);
    apply(pieces(snapshot, 0).get(0));
    assertThat(Snapshot.parseFrom(Snapshots.encode(state)).getFeatureLevel()).isEqualTo(3);
    applyAll(pieces(snapshot, 0));
    assertThat(Snapshot.parseFrom(Snapshots.encode(state)).getFeatureLevel()).isEqualTo(2);
  }

  @Test
  void piecesAreCutSoThatAnEntryHoldsThem() {
    byte[] large = new byte[3 * Restores.PART_BYTES + 5];
    List<Entry.Builder> pieces = Restores.entries(large, Long.MAX_VALUE);
    assertThat(pieces).hasSize(4);
    assertThat(pieces).allMatch(piece -> piece.setFormat(1).build().getSerializedSize() <= 1 << 20);
  }

  private static byte[] append(byte[] bytes) {
    return java.util.Arrays.copyOf(bytes, bytes.length + 1);
  }
}
