package org.mesohub.replication;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.mesohub.replication.QuorumPut.State;
import org.mesohub.segment.ChunkId;
import org.mesohub.store.StoreException;
import org.mesohub.store.StoreException.Reason;

class QuorumPutTest {
  private static final ChunkId A = ChunkId.of(new byte[] {1});
  private static final ChunkId B = ChunkId.of(new byte[] {2});

  @Test
  void isDurableWhenEveryChunkHasItsQuorum() {
    QuorumPut put = new QuorumPut(2, Map.of(A, 3, B, 3));
    assertThat(put.durable(List.of(A, B))).isEqualTo(State.OPEN);
    assertThat(put.durable(List.of(A))).isEqualTo(State.OPEN);
    assertThat(put.failed("n2", List.of(B), failure(Reason.UNAVAILABLE))).isEqualTo(State.OPEN);
    assertThat(put.durable(List.of(B))).isEqualTo(State.DURABLE);
    assertThat(put.incomplete()).isEqualTo(2);
    assertThat(put.durable(List.of(A))).isEqualTo(State.DURABLE);
    assertThat(put.incomplete()).isEqualTo(1);
  }

  @Test
  void failsAsSoonAsOneChunkCannotReachItAndNamesEveryMember() {
    QuorumPut put = new QuorumPut(2, Map.of(A, 3, B, 3));
    put.durable(List.of(A, B));
    put.failed("n2", List.of(B), failure(Reason.UNAVAILABLE));
    assertThat(put.failed("n3", List.of(B), failure(Reason.FULL))).isEqualTo(State.FAILED);
    assertThat(put.durable(List.of(A, B))).isEqualTo(State.FAILED);
    StoreException failure = put.failure(Set.of("n3", "n4"));
    assertThat(failure.reason()).isEqualTo(Reason.UNAVAILABLE);
    assertThat(failure)
        .hasMessageContaining("2 members")
        .hasMessageContaining("n2: UNAVAILABLE there; n3: FULL there; n4: no answer yet");
  }

  @Test
  void isFullWhenSpaceIsAllThatIsLacking() {
    QuorumPut put = new QuorumPut(2, Map.of(A, 3));
    put.failed("n2", List.of(A), failure(Reason.FULL));
    put.failed("n3", List.of(A), failure(Reason.FULL));
    assertThat(put.failure(Set.of("n3")).reason()).isEqualTo(Reason.FULL);
  }

  @Test
  void agreesWithCountingForAnyOrderOfAnswers() {
    for (int seed = 0; seed < 500; seed++) {
      Random random = new Random(seed);
      int factor = 1 + random.nextInt(5);
      int quorum = factor / 2 + 1;
      List<ChunkId> ids =
          IntStream.range(0, 1 + random.nextInt(4))
              .mapToObj(i -> ChunkId.of(new byte[] {(byte) i}))
              .toList();
      Map<ChunkId, Integer> wanted = new HashMap<>();
      List<ChunkId> answers = new ArrayList<>();
      for (ChunkId id : ids) {
        wanted.put(id, factor);
        IntStream.range(0, factor).forEach(i -> answers.add(id));
      }
      java.util.Collections.shuffle(answers, random);
      QuorumPut put = new QuorumPut(quorum, wanted);
      Map<ChunkId, Integer> durable = new HashMap<>();
      Map<ChunkId, Integer> failed = new HashMap<>();
      State expected = State.OPEN;
      for (ChunkId id : answers) {
        boolean ok = random.nextInt(4) > 0;
        State state =
            ok ? put.durable(List.of(id)) : put.failed("n", List.of(id), failure(Reason.FULL));
        (ok ? durable : failed).merge(id, 1, Integer::sum);
        if (expected == State.OPEN) {
          boolean lost = ids.stream().anyMatch(i -> factor - failed.getOrDefault(i, 0) < quorum);
          boolean all = ids.stream().allMatch(i -> durable.getOrDefault(i, 0) >= quorum);
          expected = lost ? State.FAILED : all ? State.DURABLE : State.OPEN;
        }
        assertThat(state).as("seed %d", seed).isEqualTo(expected);
      }
      long incomplete = ids.stream().filter(i -> durable.getOrDefault(i, 0) < factor).count();
      assertThat(put.incomplete()).as("seed %d", seed).isEqualTo(incomplete);
    }
  }

  private static StoreException failure(Reason reason) {
    return new StoreException(reason, reason + " there", null);
  }
}
