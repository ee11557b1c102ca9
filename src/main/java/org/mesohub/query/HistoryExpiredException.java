package org.mesohub.query;

/** A state was asked for that is older than what is kept. The message names the oldest readable. */
public final class HistoryExpiredException extends RuntimeException {
  private static final long serialVersionUID = 1;

  public HistoryExpiredException(long asOfCommit, long floor) {
    super(
        "as of commit %d: states before commit %d are not kept (history); the oldest readable is"
                .formatted(asOfCommit, floor)
            + " commit %d".formatted(floor));
  }
}
