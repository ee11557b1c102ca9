package org.mesohub.chaos;

/** Something in a history that no correct store does. */
record Violation(Rule rule, String text) {
  /** What was broken. */
  enum Rule {
    /** A value that nobody put under that key. */
    INVENTED,
    /** A value was read before its put began, or below its commit. */
    TOO_EARLY,
    /** A put that failed for certain was seen. */
    FAILED_SEEN,
    /** An acknowledged put, or one that had been seen, is missing from a later read. */
    LOST,
    /** A value came back after another had replaced it. */
    WENT_BACK,
    /** Commit numbers do not follow real time: a read is stale, or a commit number fell. */
    OUT_OF_ORDER,
    /** A part of a put was visible without the rest. */
    TORN,
    /** One put has two answers or none: its token ran twice. */
    TWO_ANSWERS
  }
}
