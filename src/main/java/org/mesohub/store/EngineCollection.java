package org.mesohub.store;

import de.bwaldvogel.mongo.MongoDatabase;
import de.bwaldvogel.mongo.backend.AbstractMongoCollection;
import de.bwaldvogel.mongo.backend.ArrayFilters;
import de.bwaldvogel.mongo.backend.CollectionOptions;
import de.bwaldvogel.mongo.backend.CursorRegistry;
import de.bwaldvogel.mongo.backend.DocumentWithPosition;
import de.bwaldvogel.mongo.backend.Index;
import de.bwaldvogel.mongo.backend.QueryResult;
import de.bwaldvogel.mongo.bson.Document;
import de.bwaldvogel.mongo.oplog.Oplog;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/**
 * A collection of the embedded engine.
 *
 * <p>One writer at a time; readers never wait for it. A query for ids alone is answered from the
 * index, because reading a document means reading its chunk.
 *
 * <p>A document is written before its index entry and removed after it. A crash in between leaves a
 * document that no index names: it takes space and nothing else. But a commit takes one map after
 * the other, amid such a change as well, so a crash may also leave an id in the index whose
 * document is not there, and whose position another one gets later. Whether an id is taken is
 * therefore asked of the document, and no id removes another's.
 */
final class EngineCollection extends AbstractMongoCollection<Object> {
  private static final String ID = "_id";

  private final DocumentMaps documents;
  private @Nullable EngineIndex idIndex;

  EngineCollection(
      MongoDatabase database,
      String name,
      CollectionOptions options,
      DocumentMaps documents,
      CursorRegistry cursors) {
    super(database, name, options, cursors);
    this.documents = documents;
  }

  @Override
  public void addIndex(Index<Object> index) {
    super.addIndex(index);
    if (index instanceof EngineIndex engineIndex && index.getName().equals("_id_")) {
      idIndex = engineIndex;
    }
  }

  @Override
  public synchronized void addDocument(Document document) {
    forgetLost(document);
    super.addDocument(document);
  }

  @Override
  public synchronized void addDocuments(Stream<Document> added) {
    super.addDocuments(added);
  }

  @Override
  public synchronized List<Document> insertDocuments(List<Document> added, boolean isOrdered) {
    added.forEach(this::forgetLost);
    return super.insertDocuments(added, isOrdered);
  }

  /** Removes the id of a document from the index if it is only there. */
  private void forgetLost(Document added) {
    EngineIndex index = idIndex;
    if (index == null || !(added.get(ID) instanceof String id)) {
      return;
    }
    Document named = new Document(ID, id);
    @Nullable Object position = index.getPosition(named);
    if (position != null && !holds(position, id)) {
      index.remove(named);
    }
  }

  private boolean holds(Object position, String id) {
    @Nullable Document document = documents.get((Long) position);
    return document != null && id.equals(document.get(ID));
  }

  @Override
  public synchronized Document findAndModify(Document query) {
    return super.findAndModify(query);
  }

  @Override
  public synchronized Document updateDocuments(
      Document selector,
      Document update,
      ArrayFilters filters,
      boolean isMulti,
      boolean isUpsert,
      Oplog oplog) {
    return super.updateDocuments(selector, update, filters, isMulti, isUpsert, oplog);
  }

  @Override
  public synchronized int deleteDocuments(Document selector, int limit, Oplog oplog) {
    EngineIndex index = idIndex;
    if (index == null || !index.isCovered(selector) || limit > 0) {
      return super.deleteDocuments(selector, limit, oplog);
    }
    List<String> ids = index.values(selector, false).toList();
    for (String id : ids) {
      @Nullable Object position = index.remove(new Document(ID, id));
      if (position != null && holds(position, id)) {
        removeDocument(position);
      }
    }
    return ids.size();
  }

  @Override
  public synchronized void removeDocument(Document document) {
    super.removeDocument(document);
  }

  @Override
  protected QueryResult queryDocuments(
      Document query,
      @Nullable Document orderBy,
      int skip,
      int limit,
      int batchSize,
      @Nullable Document projection) {
    EngineIndex index = idIndex;
    if (index != null && query.size() > 1 && query.containsKey(ID)) {
      // The server looks an index up for its own field alone, and would read all documents.
      Document named = new Document(ID, query.get(ID));
      if (index.isCovered(named)) {
        return matchDocuments(
            query, index.getPositions(named), orderBy, skip, limit, batchSize, projection);
      }
    }
    if (index == null || !onlyIds(projection) || skip != 0 || !index.isCovered(query)) {
      return super.queryDocuments(query, orderBy, skip, limit, batchSize, projection);
    }
    boolean descending = false;
    if (orderBy != null && !orderBy.isEmpty()) {
      if (!orderBy.keySet().equals(Set.of(ID)) || !index.isRange(query)) {
        return super.queryDocuments(query, orderBy, skip, limit, batchSize, projection);
      }
      descending = orderBy.get(ID) instanceof Number direction && direction.intValue() < 0;
    }
    Stream<String> ids = index.values(query, descending);
    return createQueryResult(
        (limit > 0 ? ids.limit(limit) : ids).map(id -> new Document(ID, id)).toList(), batchSize);
  }

  private static boolean onlyIds(@Nullable Document projection) {
    return projection != null
        && projection.keySet().equals(Set.of(ID))
        && projection.get(ID) instanceof Number wanted
        && wanted.intValue() == 1;
  }

  @Override
  protected QueryResult matchDocuments(
      Document query,
      Iterable<Object> positions,
      @Nullable Document orderBy,
      int skip,
      int limit,
      int batchSize,
      @Nullable Document projection) {
    // A document may go between the look-up of its position and this read.
    Stream<Document> found =
        StreamSupport.stream(positions.spliterator(), false)
            .map(this::getDocument)
            .filter(Objects::nonNull);
    return matchDocumentsFromStream(found, query, orderBy, skip, limit, batchSize, projection);
  }

  @Override
  protected QueryResult matchDocuments(
      Document query,
      @Nullable Document orderBy,
      int skip,
      int limit,
      int batchSize,
      @Nullable Document projection) {
    Stream<Document> all = streamAllDocumentsWithPosition().map(DocumentWithPosition::getDocument);
    return matchDocumentsFromStream(all, query, orderBy, skip, limit, batchSize, projection);
  }

  /**
   * A copy of the maps (not of binary values): the caller may change it, the store's cache shares
   * it.
   */
  @Override
  protected @Nullable Document getDocument(Object position) {
    Document document = documents.get((Long) position);
    return document == null ? null : document.cloneDeeply();
  }

  @Override
  protected Stream<DocumentWithPosition<Object>> streamAllDocumentsWithPosition() {
    return documents
        .positions()
        .flatMap(
            position -> {
              @Nullable Document document = getDocument(position);
              return document == null
                  ? Stream.empty()
                  : Stream.of(new DocumentWithPosition<>(document, position));
            });
  }

  @Override
  protected Object addDocumentInternal(Document document) {
    return documents.add(document);
  }

  @Override
  protected void handleUpdate(Object position, Document oldDocument, Document newDocument) {
    documents.replace((Long) position, newDocument);
  }

  @Override
  protected void removeDocument(Object position) {
    documents.remove((Long) position);
  }

  @Override
  public int count() {
    return (int) Math.min(documents.count(), Integer.MAX_VALUE);
  }

  @Override
  public boolean isEmpty() {
    return documents.count() == 0;
  }

  @Override
  protected boolean tracksDataSize() {
    return false;
  }

  @Override
  protected void updateDataSize(int delta) {}

  @Override
  protected int getDataSize() {
    return 0;
  }
}
