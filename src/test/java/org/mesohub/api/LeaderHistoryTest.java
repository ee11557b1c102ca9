package org.mesohub.api;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.mesohub.api.ClusterApi.Reign;

class LeaderHistoryTest {
  private final LeaderHistory history = new LeaderHistory();

  @Test
  void theLatestComesFirstAndWhatIsKnownOrOlderChangesNothing() {
    history.note(3, "n1", 10);
    history.note(3, "n1", 20);
    history.note(5, "", 30);
    history.note(5, "n2", 40);
    history.note(4, "n3", 50);
    assertThat(history.list()).containsExactly(new Reign(5, "n2", 40), new Reign(3, "n1", 10));
  }

  @Test
  void theOldestAreForgotten() {
    for (int term = 1; term <= 2 * ClusterApi.LEADERS_MAX; term++) {
      history.note(term, "n1", term);
    }
    assertThat(history.list()).hasSize(ClusterApi.LEADERS_MAX);
    assertThat(history.list().get(0).term()).isEqualTo(2 * ClusterApi.LEADERS_MAX);
  }
}
