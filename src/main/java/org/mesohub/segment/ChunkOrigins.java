package org.mesohub.segment;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The origins of a chunk as it is reached through a reference, and what readers ask of them as a
 * whole: a day put together from many small puts has as many origins as it had puts. Immutable.
 *
 * @param list placeholders filled in
 * @param sources one origin for each distinct cluster, source and licence
 * @param firstCommit least commit
 * @param lastCommit greatest commit
 * @param firstTimeMicros least commit time at the origin
 */
public record ChunkOrigins(
    List<Origin> list,
    List<Origin> sources,
    long firstCommit,
    long lastCommit,
    long firstTimeMicros) {

  private record Source(String cluster, String source, String licence) {}

  /** Origins with placeholders filled in by the commit that introduced the run. */
  static ChunkOrigins of(List<Origin> encoded, long commit, long commitTimeMicros) {
    boolean whole =
        encoded.stream().allMatch(origin -> origin == origin.resolve(commit, commitTimeMicros));
    List<Origin> list =
        whole
            ? encoded
            : encoded.stream().map(origin -> origin.resolve(commit, commitTimeMicros)).toList();
    Set<Source> seen = new HashSet<>();
    return new ChunkOrigins(
        list,
        list.stream()
            .filter(o -> seen.add(new Source(o.cluster(), o.source(), o.licence())))
            .toList(),
        list.stream().mapToLong(Origin::commit).min().orElse(Long.MAX_VALUE),
        list.stream().mapToLong(Origin::commit).max().orElse(Long.MIN_VALUE),
        list.stream().mapToLong(Origin::originTimeMicros).min().orElse(Long.MAX_VALUE));
  }
}
