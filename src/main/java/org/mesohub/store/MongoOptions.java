package org.mesohub.store;

/**
 * How to reach and use the database.
 *
 * @param connectionString {@code mongodb://…}, of the embedded engine or of a server, replica set
 *     or sharded cluster
 * @param database name of the database, of this node alone
 * @param deadlineMs an operation that has no answer by then fails as UNAVAILABLE, waiting for its
 *     turn included
 * @param inFlightMax operations under way at once, and connections
 * @param waitingMax operations that wait for their turn; one more fails at once as UNAVAILABLE
 */
public record MongoOptions(
    String connectionString, String database, long deadlineMs, int inFlightMax, int waitingMax) {
  /** Longer than a slow disk needs for a batch, shorter than the patience of a client. */
  public static final long DEADLINE_MS = 10_000;

  /** With batches of 4 MiB at most, 64 MiB of writes under way. */
  public static final int IN_FLIGHT_MAX = 16;

  /** About one second of single small writes. */
  public static final int WAITING_MAX = 1_024;

  public static final String DATABASE = "mesohub";

  public MongoOptions {
    if (!connectionString.startsWith("mongodb://")
        && !connectionString.startsWith("mongodb+srv://")) {
      throw new IllegalArgumentException(
          "a connection string begins with mongodb:// or mongodb+srv://");
    }
    if (deadlineMs < 1 || inFlightMax < 1 || waitingMax < 0) {
      throw new IllegalArgumentException(
          "deadline and operations in flight must be positive, waiting operations not negative: "
              + deadlineMs
              + ", "
              + inFlightMax
              + ", "
              + waitingMax);
    }
  }

  /** The usual limits. */
  public static MongoOptions of(String connectionString) {
    return new MongoOptions(connectionString, DATABASE, DEADLINE_MS, IN_FLIGHT_MAX, WAITING_MAX);
  }
}
