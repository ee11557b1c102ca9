package org.mesohub.store;

import com.mongodb.MongoBulkWriteException;
import com.mongodb.MongoException;
import org.mesohub.store.StoreException.Reason;

/** What the driver's failures mean. */
final class Failures {
  /** MongoDB's error codes. */
  private static final int DUPLICATE_KEY = 11000;

  private static final int OUT_OF_DISK_SPACE = 14031;

  private Failures() {}

  /** The failure as one of ours. */
  static StoreException of(String what, Throwable cause) {
    if (cause instanceof StoreException ours) {
      return ours;
    }
    if (isFull(cause)) {
      return new StoreException(
          Reason.FULL,
          what
              + " failed, the database has no space left: "
              + cause.getMessage()
              + ". Free space on its disk or add a node.",
          cause);
    }
    return new StoreException(
        Reason.UNAVAILABLE,
        what
            + " failed: "
            + cause.getMessage()
            + ". Check that the database of this node runs and can be reached.",
        cause);
  }

  /** Whether all that went wrong with a batch of inserts is that documents were there already. */
  static boolean isOnlyDuplicates(Throwable cause) {
    if (cause instanceof MongoBulkWriteException bulk) {
      return bulk.getWriteConcernError() == null
          && !bulk.getWriteErrors().isEmpty()
          && bulk.getWriteErrors().stream().allMatch(error -> error.getCode() == DUPLICATE_KEY);
    }
    return cause instanceof MongoException single && single.getCode() == DUPLICATE_KEY;
  }

  private static boolean isFull(Throwable cause) {
    if (cause instanceof MongoBulkWriteException bulk
        && bulk.getWriteErrors().stream().anyMatch(e -> e.getCode() == OUT_OF_DISK_SPACE)) {
      return true;
    }
    if (cause instanceof MongoException single && single.getCode() == OUT_OF_DISK_SPACE) {
      return true;
    }
    String message = cause.getMessage();
    return message != null && message.contains("No space left on device");
  }
}
