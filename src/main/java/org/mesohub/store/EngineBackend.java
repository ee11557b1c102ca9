package org.mesohub.store;

import de.bwaldvogel.mongo.MongoDatabase;
import de.bwaldvogel.mongo.backend.AbstractMongoBackend;
import org.h2.mvstore.MVStore;

/** The databases of the embedded engine, all in one store. */
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
  protected MongoDatabase openOrCreateDatabase(String databaseName) {
    return new EngineDatabase(databaseName, store, getCursorRegistry());
  }
}
