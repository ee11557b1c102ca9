package org.mesohub.catalog;

/**
 * Which commits superseded values that the runs of a day still hold: what says when it pays to
 * write the day anew.
 *
 * @param first a commit at or before the first; 0 when nothing is superseded
 * @param last the last
 */
public record Superseded(long first, long last) {
  public static final Superseded NONE = new Superseded(0, 0);

  /** Whether a rewrite drops something when states before a floor are unreadable. */
  public boolean isBelow(long floor) {
    return first != 0 && first <= floor;
  }

  Superseded by(long commit) {
    return new Superseded(first == 0 ? commit : first, commit);
  }

  /** What is left after every run was rewritten for a floor. */
  Superseded trimmedTo(long floor) {
    return last <= floor ? NONE : new Superseded(Math.max(first, floor + 1), last);
  }
}
