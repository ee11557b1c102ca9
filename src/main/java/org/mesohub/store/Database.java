package org.mesohub.store;

import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.mongo.BulkOperation;
import io.vertx.ext.mongo.BulkWriteOptions;
import io.vertx.ext.mongo.FindOptions;
import io.vertx.ext.mongo.MongoClient;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The few commands that Mesohub uses, each of which a real server (4.4 and later) and the embedded
 * engine answer alike.
 *
 * <p>Documents are found by {@code _id} only: one, some of a list, or a range in order. {@code
 * _id}s are strings.
 */
final class Database {
  static final String ID = "_id";

  private static final JsonObject ONLY_ID = new JsonObject().put(ID, 1);

  private final MongoClient client;
  private final Gate gate;

  Database(MongoClient client, Gate gate) {
    this.client = client;
    this.gate = gate;
  }

  /** Runs in turn an operation made of several calls of the client. */
  <T extends @Nullable Object> Future<T> run(String what, Supplier<Future<T>> operation) {
    return gate.run(what, operation);
  }

  /** Inserts those documents whose ids are not there. The ids of all are durable afterwards. */
  Future<Void> insertAbsent(String collection, List<JsonObject> documents) {
    List<BulkOperation> inserts = documents.stream().map(BulkOperation::createInsert).toList();
    return gate.run(
        "a write of " + documents.size() + " documents to " + collection,
        () ->
            client
                .bulkWriteWithOptions(collection, inserts, new BulkWriteOptions().setOrdered(false))
                .<Void>mapEmpty()
                .recover(
                    cause ->
                        Failures.isOnlyDuplicates(cause)
                            ? Future.succeededFuture()
                            : Future.failedFuture(cause)));
  }

  /** Writes a document in place of one with its id, or anew. */
  Future<Void> replace(String collection, JsonObject document) {
    return gate.run("a write to " + collection, () -> client.save(collection, document).mapEmpty());
  }

  Future<@Nullable JsonObject> find(String collection, String id) {
    return gate.run(
        "a read of " + collection,
        () -> client.findOne(collection, new JsonObject().put(ID, id), null));
  }

  /** Whole documents, in no order. */
  Future<List<JsonObject>> find(String collection, Collection<String> ids) {
    return gate.run(
        "a read of " + ids.size() + " documents of " + collection,
        () -> client.find(collection, in(ids)));
  }

  /** Those of the ids that are there. What this reports is durable. */
  Future<List<String>> present(String collection, Collection<String> ids) {
    return gate.run(
        "a look-up of " + ids.size() + " ids in " + collection,
        () ->
            client
                .findWithOptions(collection, in(ids), new FindOptions().setFields(ONLY_ID.copy()))
                .map(Database::ids));
  }

  /** Ids in ascending or descending order, between two bounds, both excluded. */
  Future<List<String>> ids(
      String collection, String above, @Nullable String below, boolean descending, int limit) {
    JsonObject range = new JsonObject().put("$gt", above);
    if (below != null) {
      range.put("$lt", below);
    }
    FindOptions options =
        new FindOptions()
            .setFields(ONLY_ID.copy())
            .setSort(new JsonObject().put(ID, descending ? -1 : 1))
            .setBatchSize(limit)
            .setLimit(limit);
    return gate.run(
        "a listing of " + collection,
        () ->
            client
                .findWithOptions(collection, new JsonObject().put(ID, range), options)
                .map(Database::ids));
  }

  Future<Void> delete(String collection, Collection<String> ids) {
    return gate.run(
        "a removal of " + ids.size() + " documents of " + collection,
        () -> client.removeDocuments(collection, in(ids)).mapEmpty());
  }

  /** The different values of a field among documents; of those without it null. */
  Future<Set<Object>> values(String collection, Collection<String> ids, String field) {
    FindOptions options = new FindOptions().setFields(new JsonObject().put(field, 1));
    return gate.run(
        "a look at " + ids.size() + " documents of " + collection,
        () ->
            client
                .findWithOptions(collection, in(ids), options)
                .map(
                    found -> {
                      Set<Object> values = new HashSet<>();
                      found.forEach(document -> values.add(document.getValue(field)));
                      return values;
                    }));
  }

  /** Removes those of the ids whose field has one of some values. */
  Future<Void> delete(
      String collection, Collection<String> ids, String field, Collection<Object> values) {
    JsonObject which =
        in(ids).put(field, new JsonObject().put("$in", new JsonArray(new ArrayList<>(values))));
    return values.isEmpty()
        ? Future.succeededFuture()
        : gate.run(
            "a removal of " + ids.size() + " documents of " + collection,
            () -> client.removeDocuments(collection, which).mapEmpty());
  }

  /** Documents of a collection. */
  Future<Long> count(String collection) {
    return gate.run("a count of " + collection, () -> client.count(collection, new JsonObject()));
  }

  /** Documents of a collection as the database keeps count, without looking at them. */
  Future<Long> size(String collection) {
    return gate.run(
        "the size of " + collection,
        () ->
            client
                .runCommand("count", new JsonObject().put("count", collection))
                .map(answer -> answer.getNumber("n").longValue()));
  }

  private static JsonObject in(Collection<String> ids) {
    return new JsonObject().put(ID, new JsonObject().put("$in", new JsonArray(List.copyOf(ids))));
  }

  private static List<String> ids(List<JsonObject> documents) {
    return documents.stream().map(document -> document.getString(ID)).toList();
  }
}
