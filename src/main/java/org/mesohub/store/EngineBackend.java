package org.mesohub.store;

import de.bwaldvogel.mongo.MongoDatabase;
import de.bwaldvogel.mongo.backend.AbstractMongoBackend;
import de.bwaldvogel.mongo.bson.Document;
import io.netty.channel.Channel;
import org.h2.mvstore.MVStore;

/**
 * The databases of the embedded engine, all in one store.
 *
 * <p>A command holds the version of the store that it began with, and so all that any later one can
 * show it: its scan may outlast the five versions that the store keeps by itself, and compaction
 * would give up the part of the file that the scan comes to next. Answers are whole in memory when
 * a command ends; cursors read nothing.
 */
final class EngineBackend extends AbstractMongoBackend {
  private final MVStore store;

  EngineBackend(MVStore store) {
    this.store = store;
    store.getMapNames().stream()
        .filter(name -> name.startsWith(EngineDatabase.DATA_PREFIX))
        .map(name -> name.substring(EngineDatabase.DATA_PREFIX.length()))
        .map(name -> name.substring(0, name.indexOf('.')))
        .distinct()
        .forEach(this::resolveDatabase);
  }

  /**
   * Whether the store closed, or closed itself after a failure; its page cache would still answer
   * some reads.
   */
  boolean isClosed() {
    return store.getPanicException() != null || store.isClosed();
  }

  @Override
  public Document handleCommand(
      Channel channel, String databaseName, String command, Document query) {
    MVStore.TxCounter held = store.registerVersionUsage();
    try {
      return super.handleCommand(channel, databaseName, command, query);
    } finally {
      store.deregisterVersionUsage(held);
    }
  }

  @Override
  protected MongoDatabase openOrCreateDatabase(String databaseName) {
    return new EngineDatabase(databaseName, store, getCursorRegistry());
  }
}
