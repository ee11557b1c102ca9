package org.mesohub.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class SuccessionTest {
  private static final String LEADER = "n1";
  private static final long TERM = 7;

  /** A voter that follows {@link #LEADER}; its questions to others are answered in this thread. */
  private final class Voter implements PeerCalls, Succession.Seat {
    final String id;
    final List<String> stood = new CopyOnWriteArrayList<>();
    Standing standing;
    long term = TERM;
    String leader = LEADER;
    boolean reachesLeader;
    boolean isSilent;
    boolean isClosed;
    @Nullable Function<byte[], CompletableFuture<byte[]>> answers;
    @Nullable Consumer<String> gone;

    Voter(String id) {
      this.id = id;
      this.standing = new Standing(TERM, 100, 1, 0, id);
    }

    @Override
    public CompletableFuture<byte[]> suspect(String peerId, byte[] message) {
      if (isClosed) {
        throw new IllegalStateException("closed");
      }
      Voter peer = voters.get(peerId);
      return peer == null || peer.isSilent || peer.answers == null
          ? CompletableFuture.failedFuture(new IllegalStateException("silent"))
          : peer.answers.apply(message);
    }

    @Override
    public void answerSuspicions(@Nullable Function<byte[], CompletableFuture<byte[]>> next) {
      answers = next;
    }

    @Override
    public void onGone(@Nullable Consumer<String> listener) {
      gone = listener;
    }

    @Override
    public CompletableFuture<Boolean> isGone(String peerId) {
      return CompletableFuture.completedFuture(!reachesLeader);
    }

    @Override
    public long term() {
      return term;
    }

    @Override
    public String leader() {
      return leader;
    }

    @Override
    public Standing standing() {
      return standing;
    }

    @Override
    public void stand(String ended) {
      stood.add(ended);
      leader = "";
    }

    @Override
    public CompletableFuture<byte[]> greet(String peerId, byte[] message) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void answerGreetings(@Nullable UnaryOperator<byte[]> next) {
      throw new UnsupportedOperationException();
    }

    @Override
    public CompletableFuture<Long> term(String peerId) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void answerTerms(@Nullable LongSupplier next) {
      throw new UnsupportedOperationException();
    }
  }

  private final Map<String, Voter> voters = new LinkedHashMap<>();
  private final Set<String> ids = new HashSet<>();

  private void cluster(int size) {
    voters.clear();
    ids.clear();
    ids.add(LEADER);
    for (int i = 2; i <= size; i++) {
      ids.add("n" + i);
      var voter = new Voter("n" + i);
      voters.put(voter.id, voter);
    }
    List<Set<String>> electorates = List.of(Set.copyOf(ids));
    voters.values().forEach(v -> new Succession(v.id, v, () -> electorates, v, Runnable::run));
  }

  private void end(String... whoSee) {
    for (String id : whoSee) {
      voters.get(id).gone.accept(LEADER);
    }
  }

  private List<String> candidates() {
    return voters.values().stream().filter(v -> !v.stood.isEmpty()).map(v -> v.id).toList();
  }

  @Test
  void theOneWhoseLogIsFurthestStandsWhoeverSeesItFirst() {
    for (String first : List.of("n2", "n3")) {
      cluster(3);
      voters.get("n2").standing = new Standing(TERM, 101, 1, 0, "n2");
      end(first);
      assertThat(candidates()).containsExactly("n2");
      assertThat(voters.get("n2").stood).containsExactly(LEADER);
    }
  }

  @Test
  void amongEqualLogsOneThatClientsReachStands() {
    cluster(3);
    voters.get("n3").standing = new Standing(TERM, 100, 0, 0, "n3");
    end("n3", "n2");
    assertThat(candidates()).containsExactly("n2");
  }

  @Test
  void amongThoseTheOneThatRunsLongestStands() {
    cluster(3);
    voters.get("n2").standing = new Standing(TERM, 100, 1, 5_000, "n2");
    voters.get("n3").standing = new Standing(TERM, 100, 1, 6_000, "n3");
    end("n3", "n2");
    assertThat(candidates()).containsExactly("n2");
  }

  @Test
  void aLeaderThatSomebodyStillReachesIsNotDisturbed() {
    cluster(5);
    voters.get("n4").reachesLeader = true;
    end("n2", "n3", "n5");
    assertThat(candidates()).isEmpty();
  }

  @Test
  void aMinorityElectsNobody() {
    cluster(5);
    voters.get("n3").isSilent = true;
    voters.get("n4").isSilent = true;
    end("n2", "n5");
    assertThat(candidates()).isEmpty();
    cluster(5);
    voters.get("n3").isSilent = true;
    end("n2", "n4", "n5");
    assertThat(candidates()).containsExactly("n5");
  }

  @Test
  void aRoundThatCouldNotBeAskedIsFollowedByOthers() {
    cluster(3);
    Voter asks = voters.get("n3");
    asks.isClosed = true;
    assertThatThrownBy(() -> end("n3")).hasMessage("closed");
    asks.isClosed = false;
    end("n3");
    assertThat(candidates()).containsExactly("n3");
  }

  @Test
  void theEndOfAnotherNodeIsNoMatter() {
    cluster(3);
    voters.get("n2").gone.accept("n3");
    assertThat(candidates()).isEmpty();
  }

  @Test
  void aVoterOfALaterTermDenies() {
    cluster(3);
    voters.get("n3").term = TERM + 1;
    end("n2");
    assertThat(candidates()).isEmpty();
  }

  @Test
  void bothSidesOfAChangeOfVotersMustAgree() {
    var answers = new Succession.Answers(List.of(Set.of("a", "b", "c"), Set.of("a", "d", "e")));
    var mine = new Standing(3, 9, 1, 0, "a");
    answers.add("b", gone(new Standing(3, 8, 1, 0, "b")));
    assertThat(answers.elect(mine)).isFalse();
    answers.add("d", gone(new Standing(3, 9, 0, 0, "d")));
    assertThat(answers.elect(mine)).isTrue();
    answers.add("e", gone(new Standing(4, 1, 0, 0, "e")));
    assertThat(answers.elect(mine)).as("another has a later entry").isFalse();
  }

  private static byte[] gone(Standing standing) {
    var buffer = java.nio.ByteBuffer.allocate(1 + Standing.BYTES).put((byte) 1);
    standing.write(buffer);
    return buffer.array();
  }

  @Test
  void whateverHappensOnlyTheBestOfAMajorityStandsAndOnlyWhenNobodyReachesTheLeader() {
    int elections = 0;
    int vetoes = 0;
    for (int seed = 0; seed < 2_000; seed++) {
      var random = new Random(seed);
      cluster(3 + 2 * random.nextInt(3));
      for (Voter voter : voters.values()) {
        voter.standing =
            new Standing(
                TERM - random.nextInt(2),
                random.nextInt(3),
                random.nextInt(2),
                random.nextInt(2),
                voter.id);
        voter.isSilent = random.nextInt(6) == 0;
        voter.reachesLeader = random.nextInt(12) == 0;
        voter.term = TERM + (random.nextInt(12) == 0 ? 1 : 0);
      }
      List<Voter> live = new ArrayList<>(voters.values());
      live.removeIf(voter -> voter.isSilent);
      live.stream().filter(v -> !v.reachesLeader).forEach(v -> v.gone.accept(LEADER));
      boolean denied = live.stream().anyMatch(v -> v.reachesLeader || v.term != TERM);
      boolean majority = 2 * live.size() > ids.size();
      boolean allLater =
          live.stream().allMatch(v -> v.term == TERM + 1 && !v.reachesLeader); // of one mind, too
      if (denied && !allLater) {
        assertThat(candidates()).as("seed %s", seed).isEmpty();
        vetoes++;
      }
      if (majority && !denied) {
        Standing best =
            live.stream().map(v -> v.standing).max(Comparator.naturalOrder()).orElseThrow();
        assertThat(candidates()).as("seed %s", seed).containsExactly(best.id());
        elections++;
      } else if (!majority) {
        assertThat(candidates()).as("seed %s", seed).isEmpty();
      }
    }
    assertThat(elections).isGreaterThan(200);
    assertThat(vetoes).isGreaterThan(200);
  }
}
