package org.mesohub.placement;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.mesohub.segment.ChunkId;

class PlacementTest {
  private static final int CHUNKS = 20_000;
  private static final BigInteger WORD = BigInteger.ONE.shiftLeft(64);

  @Test
  void agreesWithWeightsComputedTheLongWay() {
    for (int seed = 0; seed < 200; seed++) {
      Random random = new Random(seed);
      List<Member> members = new ArrayList<>(members(1 + random.nextInt(Members.MAX)));
      ChunkId chunk = chunk(seed);
      List<Member> ranked = Placement.ranked(chunk, members);
      assertThat(ranked).as("seed %d", seed).isEqualTo(oracle(chunk, members));
      Collections.shuffle(members, random);
      assertThat(Placement.ranked(chunk, members)).as("seed %d", seed).isEqualTo(ranked);
      int factor = 1 + random.nextInt(5);
      assertThat(Placement.replicas(chunk, members, factor))
          .as("seed %d", seed)
          .isEqualTo(ranked.subList(0, Math.min(factor, members.size())));
    }
  }

  @Test
  void everyMemberGetsItsShare() {
    for (int count : new int[] {3, 5, 9}) {
      List<Member> members = members(count);
      Map<String, Integer> held = new HashMap<>();
      for (int i = 0; i < CHUNKS; i++) {
        Placement.replicas(chunk(i), members, 2)
            .forEach(member -> held.merge(member.id(), 1, Integer::sum));
      }
      double share = 2.0 * CHUNKS / count;
      assertThat(held).hasSize(count);
      assertThat(held.values()).allMatch(n -> n > 0.95 * share && n < 1.05 * share);
    }
  }

  @Test
  void aMemberThatLeavesMovesNothingButItsOwnChunks() {
    List<Member> five = members(5);
    Member gone = five.get(2);
    List<Member> four = five.stream().filter(member -> member != gone).toList();
    int moved = 0;
    for (int i = 0; i < CHUNKS; i++) {
      List<Member> before = Placement.replicas(chunk(i), five, 3);
      List<Member> after = Placement.replicas(chunk(i), four, 3);
      List<Member> kept = before.stream().filter(member -> member != gone).toList();
      // Those that stay keep their chunk and their rank; whoever is next comes last.
      assertThat(after.subList(0, kept.size())).isEqualTo(kept);
      moved += before.contains(gone) ? 1 : 0;
    }
    assertThat(moved).isBetween((int) (0.57 * CHUNKS), (int) (0.63 * CHUNKS));
  }

  @Test
  void whereChunksAreIsTheSameInEveryRelease() {
    List<String> ranked = Placement.ranked(chunk(1), members(5)).stream().map(Member::id).toList();
    assertThat(ranked).containsExactly("n4", "n2", "n1", "n5", "n3");
  }

  @Test
  void aChunkWithoutReplicasIsAMistake() {
    assertThatThrownBy(() -> Placement.replicas(chunk(1), members(3), 0))
        .isInstanceOf(IllegalArgumentException.class);
  }

  /** The same weights in arbitrary precision, and the heaviest member taken out again and again. */
  private static List<Member> oracle(ChunkId chunk, List<Member> members) {
    List<Member> left = new ArrayList<>(members);
    List<Member> ranked = new ArrayList<>();
    while (!left.isEmpty()) {
      Member heaviest = left.get(0);
      for (Member member : left) {
        if (weight(chunk, member).compareTo(weight(chunk, heaviest)) > 0) {
          heaviest = member;
        }
      }
      ranked.add(heaviest);
      left.remove(heaviest);
    }
    return ranked;
  }

  /** Signed, as weights are compared. */
  private static BigInteger weight(ChunkId chunk, Member member) {
    BigInteger name = new BigInteger("cbf29ce484222325", 16);
    for (byte letter : member.id().getBytes(StandardCharsets.US_ASCII)) {
      name =
          name.xor(BigInteger.valueOf(letter))
              .multiply(new BigInteger("100000001b3", 16))
              .mod(WORD);
    }
    BigInteger weight = mix(new BigInteger(chunk.hex().substring(0, 16), 16).xor(mix(name)));
    return weight.testBit(63) ? weight.subtract(WORD) : weight;
  }

  private static BigInteger mix(BigInteger value) {
    BigInteger z =
        value.xor(value.shiftRight(30)).multiply(new BigInteger("bf58476d1ce4e5b9", 16)).mod(WORD);
    z = z.xor(z.shiftRight(27)).multiply(new BigInteger("94d049bb133111eb", 16)).mod(WORD);
    return z.xor(z.shiftRight(31));
  }

  private static ChunkId chunk(int number) {
    return ChunkId.of(("chunk " + number).getBytes(StandardCharsets.UTF_8));
  }

  static List<Member> members(int count) {
    return IntStream.rangeClosed(1, count).mapToObj(PlacementTest::member).toList();
  }

  static Member member(int number) {
    return new Member(
        "n" + number,
        number,
        "127.0.0." + number,
        5_700,
        5_800,
        5_900,
        "127.0.0." + number + ":4000",
        true);
  }
}
