package org.mesohub.store;

import de.bwaldvogel.mongo.bson.Document;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.h2.mvstore.MVStore;

/** Commands to the engine over a store, without a connection. */
final class EngineFixture {
  private final EmbeddedChannel channel = new EmbeddedChannel();
  private final EngineBackend backend;

  EngineFixture(MVStore store) {
    backend = new EngineBackend(store);
  }

  Document command(String name, Document arguments) {
    var command = new Document(name, "chunks");
    command.putAll(arguments);
    return backend.handleCommand(channel, "mesohub", name, command.append("$db", "mesohub"));
  }

  void insert(List<Document> documents) {
    command("insert", new Document("documents", documents));
  }

  void delete(Iterable<String> ids) {
    var which = new Document("_id", new Document("$in", ids));
    var deletion = new Document("q", which).append("limit", 0);
    command("delete", new Document("deletes", List.of(deletion)));
  }

  /** Ids of all documents, each of them read. */
  Set<String> ids() {
    return ids(command("find", new Document("filter", new Document())));
  }

  static Set<String> ids(Document answer) {
    Set<String> ids = new TreeSet<>();
    var found = (Iterable<?>) ((Document) answer.get("cursor")).get("firstBatch");
    found.forEach(document -> ids.add((String) ((Document) document).get("_id")));
    return ids;
  }
}
