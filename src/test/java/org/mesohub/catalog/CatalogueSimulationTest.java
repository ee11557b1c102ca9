package org.mesohub.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.mesohub.proto.internal.v1.Applied;
import org.mesohub.proto.internal.v1.Applied.ResultCase;
import org.mesohub.proto.internal.v1.Snapshot;

/** Random commands against a dumb model, and across snapshots. */
class CatalogueSimulationTest {
  private static final int SEEDS = 30;
  private static final int STEPS = 250;
  private static final long HOUR = 3_600_000_000L;

  /** What a day should list: names of bodies, oldest first. */
  private final Map<Integer, List<String>> runs = new TreeMap<>();

  /** Sequence → time of its first run, by client. */
  private final Map<String, Map<Long, Long>> done = new HashMap<>();

  private CatalogueState state = CatalogueState.empty("here");
  private long now = HOUR;
  private int bodies;

  @Test
  void theStateIsWhatTheModelSaysAndSurvivesItsSnapshot() {
    for (long seed = 0; seed < SEEDS; seed++) {
      runs.clear();
      done.clear();
      state = CatalogueState.empty("here");
      var random = new Random(seed);
      for (int step = 0; step < STEPS; step++) {
        now += random.nextInt(20) == 0 ? random.nextLong(30 * HOUR) : random.nextInt(1_000);
        step(random, "seed " + seed + ", step " + step);
      }
    }
  }

  private void step(Random random, String at) {
    switch (random.nextInt(8)) {
      case 0 -> compact(random, at);
      case 1 -> {
        CatalogueState restored = Snapshots.decode(Snapshots.encode(state));
        assertThat(parsed(restored)).as(at).isEqualTo(parsed(state));
        assertThat(restored.days()).as(at).isEqualTo(state.days());
        state = restored;
      }
      default -> commit(random, at);
    }
    state
        .days()
        .forEach(
            (day, entry) -> assertThat(names(entry)).as(at).isEqualTo(runs.get(day.epochDay())));
    assertThat(state.days()).as(at).hasSize(runs.size());
  }

  /** Half of the puts carry tokens; of these many are old, repeated or out of order. */
  private void commit(Random random, String at) {
    String body = "body " + bodies++;
    List<Integer> days = new ArrayList<>(List.of(random.nextInt(6)));
    if (random.nextBoolean()) {
      days.add(days.get(0) + 1);
    }
    var proto = random.nextBoolean() ? Entries.inline(body) : Entries.stored(body);
    if (random.nextBoolean()) {
      assertThat(apply(Entries.commit(state, proto, days, Entries.put(1))).getResultCase())
          .as(at)
          .isEqualTo(ResultCase.DONE);
    } else {
      String client = "client " + random.nextInt(3);
      long sequence = random.nextInt(40);
      String content = random.nextInt(10) == 0 ? "other" : "bytes";
      ResultCase expected = expected(client, sequence, content);
      var token = Entries.token(client, sequence, content);
      assertThat(apply(Entries.commit(state, proto, days, Entries.put(1, token))).getResultCase())
          .as(at + ": " + client + " " + sequence + " " + content)
          .isEqualTo(expected);
      if (expected != ResultCase.DONE) {
        return;
      }
      contents.put(client + sequence, content);
      done.computeIfAbsent(client, c -> new HashMap<>()).put(sequence, now);
    }
    days.forEach(day -> runs.computeIfAbsent(day, d -> new ArrayList<>()).add(name(body)));
  }

  private final Map<String, String> contents = new HashMap<>();

  private ResultCase expected(String client, long sequence, String content) {
    Map<Long, Long> sequences = done.getOrDefault(client, Map.of());
    Long first = sequences.get(sequence);
    if (first != null && first > now - 24 * HOUR) {
      return content.equals(contents.get(client + sequence))
          ? ResultCase.REPLAYED
          : ResultCase.REFUSED;
    }
    boolean expired =
        sequences.entrySet().stream()
            .anyMatch(e -> e.getKey() >= sequence && e.getValue() <= now - 24 * HOUR);
    return expired ? ResultCase.REFUSED : ResultCase.DONE;
  }

  private void compact(Random random, String at) {
    if (runs.isEmpty()) {
      return;
    }
    List<Integer> days = List.copyOf(runs.keySet());
    int day = days.get(random.nextInt(days.size()));
    List<String> listed = runs.get(day);
    int count = 1 + random.nextInt(listed.size());
    String output = "body " + bodies++;
    Applied answer = apply(Entries.replace(state, day, count, Entries.stored(output)));
    assertThat(answer.getResultCase()).as(at).isEqualTo(ResultCase.DONE);
    listed.subList(0, count).clear();
    listed.add(0, name(output));
  }

  private Applied apply(org.mesohub.proto.internal.v1.Entry entry) {
    Catalogue.Transition transition = Catalogue.apply(state, now, entry);
    state = transition.state();
    return transition.answer();
  }

  private static String name(String body) {
    return Entries.id(body).hex();
  }

  private static List<String> names(DayEntry entry) {
    return entry.runs().stream()
        .map(
            run ->
                run.body() instanceof RunRef.Body.Stored stored
                    ? stored.manifest().hex()
                    : ((RunRef.Body.Inline) run.body()).id().hex())
        .toList();
  }

  /** A snapshot with what is a set in order. */
  private static Snapshot parsed(CatalogueState state) {
    try {
      Snapshot snapshot = Snapshot.parseFrom(Snapshots.encode(state));
      var expired = new ArrayList<>(snapshot.getExpiredList());
      expired.sort(java.util.Comparator.comparing(e -> e.getClient()));
      return snapshot.toBuilder().clearExpired().addAllExpired(expired).build();
    } catch (com.google.protobuf.InvalidProtocolBufferException e) {
      throw new IllegalStateException(e);
    }
  }
}
