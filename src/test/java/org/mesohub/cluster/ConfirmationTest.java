package org.mesohub.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ConfirmationTest {
  private final Map<String, List<CompletableFuture<Long>>> asked = new HashMap<>();
  private List<Set<String>> electorates = List.of(Set.of("a", "b", "c"));
  private long reign = 7;
  private final Confirmation confirmation =
      new Confirmation(
          "a",
          () -> reign,
          () -> electorates,
          voter -> {
            var answer = new CompletableFuture<Long>();
            asked.computeIfAbsent(voter, v -> new ArrayList<>()).add(answer);
            return answer;
          });

  private void answer(String voter, int round, long term) {
    asked.get(voter).get(round).complete(term);
  }

  private void silence(String voter, int round) {
    asked.get(voter).get(round).completeExceptionally(new IllegalStateException("silent"));
  }

  @Test
  void one_of_two_others_is_enough() {
    CompletableFuture<Void> waiter = confirmation.confirm();
    assertThat(waiter).isNotDone();
    silence("b", 0);
    assertThat(waiter).isNotDone();
    answer("c", 0, 7);
    assertThat(waiter).isCompleted();
  }

  @Test
  void a_later_term_or_silence_of_both_confirms_nothing() {
    CompletableFuture<Void> waiter = confirmation.confirm();
    answer("b", 0, 8);
    assertThat(waiter).isNotDone();
    silence("c", 0);
    assertThat(waiter).isCompletedExceptionally();
  }

  @Test
  void a_follower_confirms_nothing_and_asks_nobody() {
    reign = 0;
    assertThat(confirmation.confirm()).isCompletedExceptionally();
    assertThat(asked).isEmpty();
  }

  @Test
  void who_comes_while_a_round_is_out_waits_for_the_next_one() {
    CompletableFuture<Void> first = confirmation.confirm();
    CompletableFuture<Void> second = confirmation.confirm();
    CompletableFuture<Void> third = confirmation.confirm();
    assertThat(asked.get("b")).hasSize(1);
    answer("b", 0, 7);
    assertThat(first).isCompleted();
    assertThat(second).isNotDone();
    assertThat(asked.get("b")).as("one round for both").hasSize(2);
    answer("c", 0, 7); // late, of the round before
    assertThat(second).isNotDone();
    answer("c", 1, 7);
    assertThat(second).isCompleted();
    assertThat(third).isCompleted();
    assertThat(asked.get("b")).hasSize(2);
  }

  @Test
  void while_voters_change_both_electorates_must_confirm() {
    electorates = List.of(Set.of("a", "b", "c"), Set.of("a", "d", "e"));
    CompletableFuture<Void> waiter = confirmation.confirm();
    answer("b", 0, 7);
    answer("c", 0, 7);
    assertThat(waiter).isNotDone();
    answer("d", 0, 7);
    assertThat(waiter).isCompleted();
  }

  /**
   * Elections at random moments: a round that is confirmed began before any other leader was
   * elected.
   */
  @Test
  void never_confirms_a_round_that_began_after_another_was_elected() {
    int confirmed = 0;
    for (int seed = 0; seed < 20_000; seed++) {
      var random = new Random(seed);
      int voters = 1 + 2 * random.nextInt(3);
      long[] terms = new long[voters];
      java.util.Arrays.fill(terms, 1);
      var questions = new ArrayList<Runnable>();
      var round =
          new Confirmation(
              "v0",
              () -> terms[0] == 1 ? 1 : 0,
              () -> List.of(Set.copyOf(IntStream.range(0, voters).mapToObj(i -> "v" + i).toList())),
              voter -> {
                var answer = new CompletableFuture<Long>();
                int number = Integer.parseInt(voter.substring(1));
                questions.add(
                    () -> {
                      if (random.nextInt(5) == 0) {
                        answer.completeExceptionally(new IllegalStateException("lost"));
                      } else {
                        answer.complete(terms[number]);
                      }
                    });
                return answer;
              });
      var votes = new ArrayList<Integer>(IntStream.range(0, voters).boxed().toList());
      java.util.Collections.shuffle(votes, random);
      int before = random.nextInt(voters + 1);
      for (int voter : votes.subList(0, before)) {
        terms[voter] = 2;
      }
      boolean elected = 2 * before > voters;
      CompletableFuture<Void> waiter = round.confirm();
      for (int voter : votes.subList(before, voters)) {
        if (random.nextBoolean()) {
          terms[voter] = 2;
        }
        if (!questions.isEmpty() && random.nextBoolean()) {
          questions.remove(random.nextInt(questions.size())).run();
        }
      }
      questions.forEach(Runnable::run);
      boolean told = waiter.isDone() && !waiter.isCompletedExceptionally();
      assertThat(waiter).as("seed %d", seed).isDone();
      assertThat(told && elected).as("seed %d", seed).isFalse();
      confirmed += told ? 1 : 0;
    }
    assertThat(confirmed).isGreaterThan(1_000);
  }
}
