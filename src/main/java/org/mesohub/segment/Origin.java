package org.mesohub.segment;

/**
 * Where a row version comes from and when it was committed. Local commit order decides between
 * versions of one key, unless an owner of the network is configured.
 *
 * @param commit local commit number; {@link #OWN} while the commit that introduces the run is not
 *     known yet
 * @param cluster id of the cluster where the version was first acknowledged; empty for this cluster
 * @param originCommit commit number there; {@link #OWN} when it is the introducing commit
 * @param originTimeMicros commit time there, leader-stamped; 0 when it is that of the introducing
 *     commit
 * @param source what the client named as its source, such as a file name or a feed; at most 256
 *     UTF-8 bytes
 * @param licence licence text or SPDX id; empty when not stated
 */
public record Origin(
    long commit,
    String cluster,
    long originCommit,
    long originTimeMicros,
    String source,
    String licence) {
  /**
   * Stands for the commit that introduces the run; resolved by {@link #resolve} when the run is
   * read.
   */
  public static final long OWN = 0;

  /** An origin for rows put here and now. */
  public static Origin local(String source, String licence) {
    return new Origin(OWN, "", OWN, 0, source, licence);
  }

  /** This origin with the placeholders filled in by the commit that introduced the run. */
  public Origin resolve(long introducedByCommit, long commitTimeMicros) {
    if (commit != OWN && originCommit != OWN && originTimeMicros != 0) {
      return this;
    }
    return new Origin(
        commit == OWN ? introducedByCommit : commit,
        cluster,
        originCommit == OWN ? introducedByCommit : originCommit,
        originTimeMicros == 0 ? commitTimeMicros : originTimeMicros,
        source,
        licence);
  }
}
