package org.mesohub.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.mesohub.proto.internal.v1.PutOutcome;
import org.mesohub.proto.internal.v1.Token;
import org.mesohub.proto.internal.v1.TokenRecord;

class TokenWindowTest {
  private static final long HOUR = 3_600_000_000L;
  private static final int SEEDS = 20;
  private static final int STEPS = 1_500;

  private static TokenRecord record(String client, long sequence, String content, long time) {
    return TokenRecord.newBuilder()
        .setToken(
            Token.newBuilder()
                .setClient(client)
                .setSequence(sequence)
                .setContent(ByteString.copyFrom(Entries.id(content).hash())))
        .setTimeUs(time)
        .setOutcome(
            PutOutcome.newBuilder()
                .setStored(sequence)
                .setCommit(time)
                .setPutId("01J0000000000000000000000Z")
                .setFormat("mesowest"))
        .build();
  }

  /** What is known of a token, in the dumbest way: all there ever were, with their times. */
  private static String expected(
      Map<String, TokenRecord> all, long cut, String client, long sequence, String content) {
    TokenRecord known = all.get(client + " " + sequence);
    if (known != null && known.getTimeUs() > cut) {
      boolean same = known.getToken().getContent().equals(Entries.hash(content));
      return same ? "Replay " + known.getOutcome() : "OtherContent ";
    }
    for (TokenRecord record : all.values()) {
      if (record.getToken().getClient().equals(client)
          && record.getToken().getSequence() >= sequence
          && record.getTimeUs() <= cut
          && record.getTimeUs() > cut - TokenWindow.MARKS_KEPT_MICROS) {
        return "Expired ";
      }
    }
    return "New ";
  }

  private static String verdict(TokenWindow window, String client, long sequence, String content) {
    TokenWindow.Verdict verdict = window.check(client, sequence, Entries.id(content));
    return verdict.getClass().getSimpleName()
        + " "
        + (verdict instanceof TokenWindow.Verdict.Replay replay
            ? replay.record().getOutcome()
            : "");
  }

  @Test
  void it_says_of_every_token_what_a_list_of_all_of_them_says_restored_or_not() {
    for (int seed = 0; seed < SEEDS; seed++) {
      var random = new Random(seed);
      Map<String, TokenRecord> all = new HashMap<>();
      TokenWindow window = TokenWindow.EMPTY;
      CatalogueState state = CatalogueState.empty("here");
      long now = 1_500_000_000_000_000L;
      for (int step = 0; step < STEPS; step++) {
        now += random.nextInt(200) == 0 ? 20 * 24 * HOUR : random.nextLong(HOUR / 10);
        window = window.expire(now);
        long cut = now - TokenWindow.KEPT_MICROS;
        String client = "c" + random.nextInt(6);
        long sequence = random.nextInt(300);
        String content = "content " + random.nextInt(2);
        String as = "seed " + seed + ", step " + step;
        String expected = expected(all, cut, client, sequence, content);
        assertThat(verdict(window, client, sequence, content)).as(as).isEqualTo(expected);
        if (expected.equals("New ")) {
          TokenRecord record = record(client, sequence, content, now);
          all.put(client + " " + sequence, record);
          window = window.plus(record);
        }
        if (random.nextInt(300) == 0) {
          state = state.at(now).withTokens(window);
          window = Snapshots.decode(Snapshots.encode(state)).tokens();
        }
      }
      long cut = now - TokenWindow.KEPT_MICROS;
      assertThat(window.size())
          .as("seed " + seed)
          .isEqualTo((int) all.values().stream().filter(r -> r.getTimeUs() > cut).count());
    }
  }

  @Test
  void a_full_window_refuses_new_tokens_until_old_ones_have_left_and_stays_small() {
    full(20_000);
  }

  @Test
  @Tag("slow")
  void so_it_does_at_its_real_length() {
    full(TokenWindow.TOKENS_MAX);
  }

  private static void full(int max) {
    long start = 1_500_000_000_000_000L;
    TokenWindow window = TokenWindow.empty(max);
    for (int i = 0; i < max; i++) {
      window = window.plus(record("client " + i % 1_000, i / 1_000, "content", start + i));
    }
    assertThat(window.size()).isEqualTo(max);
    assertThat(verdict(window, "another", 1, "content")).isEqualTo("Full ");
    assertThat(verdict(window, "client 7", 3, "content")).startsWith("Replay stored: 3");
    assertThat(verdict(window, "client 7", 3, "other")).isEqualTo("OtherContent ");
    assertThat(window.bytes()).as("heap").isLessThan(150L * max);

    TokenWindow later = window.expire(start + TokenWindow.KEPT_MICROS);
    assertThat(later.size()).isEqualTo(max - 1);
    assertThat(verdict(later, "another", 1, "content")).isEqualTo("New ");
    assertThat(verdict(later, "client 0", 0, "content")).isEqualTo("Expired ");

    TokenWindow gone = window.expire(start + 2 * TokenWindow.KEPT_MICROS);
    assertThat(gone.size()).isZero();
    assertThat(verdict(gone, "client 7", 3, "content")).isEqualTo("Expired ");
    assertThat(verdict(gone, "client 7", 1_000, "content")).isEqualTo("New ");
    assertThat(gone.bytes()).as("marks of a thousand clients").isLessThan(1_000L * 1_000);
    TokenWindow forgotten =
        window.expire(start + 2 * TokenWindow.KEPT_MICROS + TokenWindow.MARKS_KEPT_MICROS);
    assertThat(forgotten.bytes()).isZero();
    assertThat(verdict(forgotten, "client 7", 3, "content")).isEqualTo("New ");
  }
}
