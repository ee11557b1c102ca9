package org.mesohub.placement;

import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import org.mesohub.segment.ChunkId;

/**
 * Which members hold a chunk: those with the highest weights for it (rendezvous hashing, Thaler and
 * Ravishankar 1998). When a member comes or goes, only chunks that it holds change their place.
 *
 * <p>Weights are the same on every node and in every release: others would move what is stored.
 */
public final class Placement {
  private static final long FNV_OFFSET = 0xcbf29ce484222325L;
  private static final long FNV_PRIME = 0x100000001b3L;

  /** A member with its weight for one chunk. */
  private record Weighed(Member member, long weight) {}

  private static final Comparator<Weighed> HEAVIEST_FIRST =
      Comparator.comparingLong(Weighed::weight)
          .reversed()
          .thenComparing(weighed -> weighed.member.id());

  private Placement() {}

  /**
   * The members that should hold a chunk, best first.
   *
   * @param takers members that take new chunks
   * @param factor replicas wanted; all takers when they are fewer
   */
  public static List<Member> replicas(ChunkId chunk, Collection<Member> takers, int factor) {
    if (factor < 1) {
      throw new IllegalArgumentException("a chunk has at least one replica, got " + factor);
    }
    return ranked(chunk, takers).stream().limit(factor).toList();
  }

  /** All members by their weights for a chunk, heaviest first. */
  public static List<Member> ranked(ChunkId chunk, Collection<Member> members) {
    long content = ByteBuffer.wrap(chunk.hash()).getLong();
    return members.stream()
        .map(member -> new Weighed(member, weight(content, member.id())))
        .sorted(HEAVIEST_FIRST)
        .map(Weighed::member)
        .toList();
  }

  private static long weight(long content, String memberId) {
    long name = FNV_OFFSET;
    for (int i = 0; i < memberId.length(); i++) {
      name = (name ^ memberId.charAt(i)) * FNV_PRIME;
    }
    return mix(content ^ mix(name));
  }

  /** Spreads a change of any bit over all bits: the end of SplitMix64 (Steele and others 2014). */
  private static long mix(long value) {
    long z = (value ^ (value >>> 30)) * 0xbf58476d1ce4e5b9L;
    z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
    return z ^ (z >>> 31);
  }
}
