package org.mesohub.store;

import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.List;
import org.mesohub.store.StoreException.Reason;

/** The identity document, which keeps two nodes from sharing a database. */
final class IdentityClaim {
  static final String COLLECTION = "meta";
  static final String ID = "identity";

  private final Database database;

  IdentityClaim(Database database) {
    this.database = database;
  }

  /**
   * Takes an empty database for its owner or accepts the one it has; any other fails as FOREIGN.
   */
  Future<Identity> claim(Identity wanted) {
    return database
        .find(COLLECTION, ID)
        .compose(found -> found == null ? take(wanted) : compare(wanted, found));
  }

  private Future<Identity> take(Identity wanted) {
    return database
        .ids(MongoChunkStore.COLLECTION, "", null, false, 1)
        .compose(
            chunks -> {
              if (!chunks.isEmpty()) {
                return foreign(
                    "holds chunks but does not say whose. Choose an empty database for node "
                        + wanted.node()
                        + ".");
              }
              JsonObject document =
                  new JsonObject()
                      .put(Database.ID, ID)
                      .put("cluster", wanted.cluster())
                      .put("node", wanted.node())
                      .put("format", wanted.format());
              // Another node may have been quicker: what was stored decides.
              return database
                  .insertAbsent(COLLECTION, List.of(document))
                  .compose(done -> database.find(COLLECTION, ID))
                  .compose(
                      stored ->
                          stored == null
                              ? Future.failedFuture(
                                  new StoreException(
                                      Reason.UNAVAILABLE,
                                      "the identity document vanished from the database. Look for who else writes to it.",
                                      null))
                              : compare(wanted, stored));
            });
  }

  private static Future<Identity> compare(Identity wanted, JsonObject document) {
    Identity found =
        new Identity(
            document.getString("cluster", "?"),
            document.getString("node", "?"),
            document.getInteger("format", Integer.MAX_VALUE));
    if (found.format() > wanted.format()) {
      return foreign(
          "has format "
              + found.format()
              + ", this release reads up to "
              + wanted.format()
              + ". Start the newer release that wrote it.");
    }
    if (!found.cluster().equals(wanted.cluster()) || !found.node().equals(wanted.node())) {
      return foreign(
          "belongs to node "
              + found.node()
              + " of cluster "
              + found.cluster()
              + ", this is node "
              + wanted.node()
              + " of cluster "
              + wanted.cluster()
              + ". Give each node a database of its own, or correct the configured names.");
    }
    return Future.succeededFuture(found);
  }

  private static <T> Future<T> foreign(String text) {
    return Future.failedFuture(new StoreException(Reason.FOREIGN, "the database " + text, null));
  }
}
