package org.mesohub.cluster;

import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.mesohub.cluster.RaftConfig.Voter;
import org.mesohub.proto.internal.v1.Greeting.Standing;
import org.mesohub.proto.internal.v1.GreetingAnswer;
import org.mesohub.proto.internal.v1.GreetingAnswer.Verdict;

/**
 * What the others said in one round of greetings. Pure.
 *
 * @param node who greeted
 * @param answers by node that answered
 */
record GreetingCount(String node, Map<String, GreetingAnswer> answers) {
  GreetingCount {
    answers = Map.copyOf(answers);
  }

  /** How many others must agree, of n voters with the one that asks. */
  static int needed(int n) {
    int quorum = n / 2 + 1;
    return n - quorum + 1;
  }

  boolean any(Verdict verdict) {
    return answers.values().stream().anyMatch(answer -> answer.getVerdict() == verdict);
  }

  /** Whether a voter that knows what is so now counts another incarnation in. */
  boolean isForgotten() {
    return answers.values().stream()
        .anyMatch(a -> a.getCurrent() && a.getVerdict() == Verdict.FORGOTTEN);
  }

  /**
   * Whether a cluster begins with this node and the others that its configuration names: all
   * welcome it, and they are not two, of which one may be a member of a cluster that has lost the
   * other.
   */
  boolean isWelcome(RaftConfig config) {
    Set<String> others = config.voters().stream().map(Voter::id).collect(Collectors.toSet());
    others.remove(node);
    return others.size() >= 2 && said(others, Verdict.WELCOME) == others.size();
  }

  /**
   * Whether enough of those that vote, as some member's log says, have nothing of this node among
   * the voters: any majority that still counts it in has one of them.
   */
  boolean isGone() {
    for (GreetingAnswer answer : answers.values()) {
      var voters = new HashSet<>(answer.getVotersList());
      if (answer.getCurrent()
          && isTakenIn(answer.getStanding())
          && !voters.isEmpty()
          && !voters.contains(node)
          && said(voters, Verdict.GONE) >= needed(voters.size() + 1)) {
        return true;
      }
    }
    return false;
  }

  private static boolean isTakenIn(Standing standing) {
    return standing == Standing.MEMBER || standing == Standing.ADDED;
  }

  /** Latest life of this node that any of them has met. */
  long metLife() {
    return answers.values().stream().mapToLong(GreetingAnswer::getMetLife).max().orElse(0);
  }

  private long said(Set<String> nodes, Verdict verdict) {
    return answers.entrySet().stream()
        .filter(entry -> nodes.contains(entry.getKey()))
        .filter(entry -> entry.getValue().getVerdict() == verdict)
        .count();
  }

  @Override
  public String toString() {
    return answers.entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .map(
            entry ->
                entry.getKey()
                    + ": "
                    + entry.getValue().getVerdict()
                    + " of "
                    + entry.getValue().getVotersList())
        .collect(Collectors.joining(", ", "{", "}"));
  }
}
