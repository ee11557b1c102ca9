package org.mesohub.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.mesohub.proto.internal.v1.Greeting.Standing;
import org.mesohub.proto.internal.v1.GreetingAnswer;
import org.mesohub.proto.internal.v1.GreetingAnswer.Verdict;

class GreetingCountTest {
  private final Map<String, GreetingAnswer> answers = new LinkedHashMap<>();

  private void says(String node, Verdict verdict, Standing standing, String... voters) {
    answers.put(
        node,
        GreetingAnswer.newBuilder()
            .setVerdict(verdict)
            .setStanding(standing)
            .setCurrent(true)
            .addAllVoters(List.of(voters))
            .build());
  }

  private boolean isGone() {
    return new GreetingCount("me", answers).isGone();
  }

  @Test
  void aMajorityOfAnyOldElectorateHasOneOfThoseWhoMustAgree() {
    for (int n = 2; n <= 9; n++) {
      int quorum = n / 2 + 1;
      assertThat(GreetingCount.needed(n) + quorum).as("voters %d", n).isGreaterThan(n);
      assertThat(GreetingCount.needed(n)).as("voters %d", n).isLessThan(n);
    }
  }

  @Test
  void oneOfOneIsEnoughForTheSecondNode() {
    says("n1", Verdict.GONE, Standing.MEMBER, "n1");
    assertThat(isGone()).isTrue();
  }

  @Test
  void oneOfTwoIsNotEnoughForTheThird() {
    says("n1", Verdict.GONE, Standing.MEMBER, "n1", "n2");
    assertThat(isGone()).isFalse();
    says("n2", Verdict.WELCOME, Standing.MEMBER, "n1", "n2");
    assertThat(isGone()).isFalse();
    says("n2", Verdict.GONE, Standing.MEMBER, "n1", "n2");
    assertThat(isGone()).isTrue();
  }

  @Test
  void whoDoesNotVoteDoesNotCount() {
    says("n1", Verdict.GONE, Standing.MEMBER, "n1", "n2", "n3");
    says("n4", Verdict.GONE, Standing.MEMBER, "n1", "n2", "n3");
    assertThat(isGone()).isFalse();
    says("n3", Verdict.GONE, Standing.MEMBER, "n1", "n2", "n3");
    assertThat(isGone()).isTrue();
  }

  @Test
  void theWordOfOneThatIsBeingTakenInIsWorthNothing() {
    says("n1", Verdict.GONE, Standing.JOINING, "n1");
    assertThat(isGone()).isFalse();
    says("n1", Verdict.GONE, Standing.NEW, "n1");
    assertThat(isGone()).isFalse();
  }

  @Test
  void whoeverStillCountsItInSaysNothingOfOthers() {
    says("n1", Verdict.GONE, Standing.MEMBER, "n1", "me");
    assertThat(isGone()).isFalse();
  }
}
