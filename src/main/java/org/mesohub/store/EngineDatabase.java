package org.mesohub.store;

import de.bwaldvogel.mongo.MongoCollection;
import de.bwaldvogel.mongo.backend.AbstractSynchronizedMongoDatabase;
import de.bwaldvogel.mongo.backend.CollectionOptions;
import de.bwaldvogel.mongo.backend.CursorRegistry;
import de.bwaldvogel.mongo.backend.Index;
import de.bwaldvogel.mongo.backend.IndexKey;
import de.bwaldvogel.mongo.exception.MongoServerException;
import de.bwaldvogel.mongo.oplog.Oplog;
import java.util.List;
import org.h2.mvstore.MVMap;
import org.h2.mvstore.MVStore;

/** A database of the embedded engine: per collection maps of documents and one of ids. */
final class EngineDatabase extends AbstractSynchronizedMongoDatabase<Object> {
  static final String DATA_PREFIX = "data.";
  private static final String INDEX_PREFIX = "index.";

  private final MVStore store;

  EngineDatabase(String name, MVStore store, CursorRegistry cursors) {
    super(name, cursors);
    this.store = store;
    initializeNamespacesAndIndexes();
  }

  @Override
  protected Index<Object> openOrCreateUniqueIndex(
      String collection, String indexName, List<IndexKey> keys, boolean sparse) {
    if (keys.size() != 1 || sparse) {
      throw new MongoServerException(
          "the embedded engine has unique indexes of one field only; use a real MongoDB server");
    }
    MVMap<Object, Object> map = store.openMap(indexMapName(collection, indexName));
    return new EngineIndex(map, indexName, keys);
  }

  @Override
  protected MongoCollection<Object> openOrCreateCollection(
      String collection, CollectionOptions options) {
    DocumentMaps documents = new DocumentMaps(store, getFullCollectionNamespace(collection));
    return new EngineCollection(this, collection, options, documents, cursorRegistry);
  }

  @Override
  protected void dropIndex(MongoCollection<Object> collection, String indexName) {
    super.dropIndex(collection, indexName);
    store.removeMap(indexMapName(collection.getCollectionName(), indexName));
  }

  @Override
  public void dropCollection(String collection, Oplog oplog) {
    super.dropCollection(collection, oplog);
    DocumentMaps.remove(store, getFullCollectionNamespace(collection));
  }

  @Override
  protected long getStorageSize() {
    return store.getFileStore().size();
  }

  @Override
  protected long getFileSize() {
    return getStorageSize();
  }

  private String indexMapName(String collection, String indexName) {
    return INDEX_PREFIX + getFullCollectionNamespace(collection) + "." + indexName;
  }
}
