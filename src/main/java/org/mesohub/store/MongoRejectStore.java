package org.mesohub.store;

import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Rejected rows as documents whose {@code _id} is the put followed by the line in 19 digits, so
 * that ids sort by time, then line.
 */
final class MongoRejectStore implements RejectStore {
  static final String COLLECTION = "rejects";

  /** Documents of one command; with texts cut to 512 characters below 4 MB. */
  private static final int BATCH_MAX = 500;

  /** Characters kept of a row, and of what clients named. */
  private static final int TEXT_MAX = 512;

  private static final int PUT_LENGTH = 26;

  /** Sorts after every digit. */
  private static final String AFTER_DIGITS = "~";

  private final Database database;
  private final int keptMax;

  MongoRejectStore(Database database, int keptMax) {
    this.database = database;
    this.keptMax = keptMax;
  }

  @Override
  public Future<Void> add(List<Rejected> rejects) {
    Future<Void> done = Future.succeededFuture();
    for (int from = 0; from < rejects.size(); from += BATCH_MAX) {
      List<JsonObject> batch =
          rejects.subList(from, Math.min(from + BATCH_MAX, rejects.size())).stream()
              .map(MongoRejectStore::document)
              .toList();
      done = done.compose(ended -> database.insertAbsent(COLLECTION, batch));
    }
    return rejects.isEmpty() ? done : done.compose(ended -> trim());
  }

  private Future<Void> trim() {
    return database
        .count(COLLECTION)
        .compose(
            kept -> {
              if (kept <= keptMax) {
                return Future.succeededFuture();
              }
              int excess = (int) Math.min(kept - keptMax, BATCH_MAX);
              return database
                  .ids(COLLECTION, "", null, false, excess)
                  .compose(oldest -> database.delete(COLLECTION, oldest))
                  .compose(ended -> trim());
            });
  }

  @Override
  public Future<List<Rejected>> find(@Nullable String put, int limit) {
    if (limit < 1 || limit > KEPT_MAX) {
      throw new IllegalArgumentException("limit " + limit + " is not in 1.." + KEPT_MAX);
    }
    Future<List<String>> ids = put == null ? newest(limit) : ofPut(put, limit);
    return ids.compose(this::read);
  }

  private Future<List<String>> ofPut(String put, int limit) {
    return database.ids(COLLECTION, put, put + AFTER_DIGITS, false, limit);
  }

  private Future<List<String>> newest(int limit) {
    return database
        .ids(COLLECTION, "", null, true, limit)
        .compose(
            ids -> {
              if (ids.isEmpty()) {
                return Future.succeededFuture(ids);
              }
              // All puts but the last are here whole; of that one these are the last lines.
              String last = putOf(ids.get(ids.size() - 1));
              List<String> whole =
                  new ArrayList<>(ids.stream().filter(id -> !putOf(id).equals(last)).toList());
              return ofPut(last, limit - whole.size())
                  .map(
                      lines -> {
                        whole.addAll(lines);
                        return whole;
                      });
            });
  }

  private Future<List<Rejected>> read(List<String> ids) {
    List<Rejected> rows = new ArrayList<>();
    Future<Void> done = Future.succeededFuture();
    for (int from = 0; from < ids.size(); from += BATCH_MAX) {
      List<String> part = ids.subList(from, Math.min(from + BATCH_MAX, ids.size()));
      done =
          done.compose(ended -> database.find(COLLECTION, part))
              .onSuccess(found -> found.forEach(document -> rows.add(rejected(document))))
              .mapEmpty();
    }
    return done.map(
        ended ->
            rows.stream()
                .sorted(
                    Comparator.comparing(Rejected::put, Comparator.reverseOrder())
                        .thenComparingLong(Rejected::line))
                .toList());
  }

  private static JsonObject document(Rejected reject) {
    if (reject.put().length() != PUT_LENGTH) {
      throw new IllegalArgumentException("the id of a put has 26 characters: " + reject.put());
    }
    return new JsonObject()
        .put(Database.ID, reject.put() + String.format(Locale.ROOT, "%019d", reject.line()))
        .put("source", cut(reject.source()))
        .put("line", reject.line())
        .put("reason", cut(reject.reason()))
        .put("text", cut(reject.text()))
        .put("time", reject.timeMicros());
  }

  private static Rejected rejected(JsonObject document) {
    return new Rejected(
        putOf(document.getString(Database.ID)),
        document.getString("source"),
        document.getLong("line"),
        document.getString("reason"),
        document.getString("text"),
        document.getLong("time"));
  }

  private static String putOf(String id) {
    return id.substring(0, PUT_LENGTH);
  }

  private static String cut(String text) {
    return text.length() <= TEXT_MAX ? text : text.substring(0, TEXT_MAX);
  }
}
