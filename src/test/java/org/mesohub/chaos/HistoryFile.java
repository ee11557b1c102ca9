package org.mesohub.chaos;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A history on disk: one operation a line, as JSON. Lines of other kinds are events for people. */
final class HistoryFile implements AutoCloseable {
  private final BufferedWriter out;

  HistoryFile(Path file) throws IOException {
    out = Files.newBufferedWriter(file);
  }

  /** Appends one operation; safe to be called by many threads. */
  void write(Op op) {
    line(json(op));
  }

  /** Appends something that happened to the store, such as a fault. */
  void event(long nanos, String text) {
    var line = new JsonObject();
    line.addProperty("op", "event");
    line.addProperty("begin", nanos);
    line.addProperty("text", text);
    line(line);
  }

  private synchronized void line(JsonObject line) {
    try {
      out.write(line.toString());
      out.write('\n');
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public synchronized void close() throws IOException {
    out.close();
  }

  private static JsonObject json(Op op) {
    var line = new JsonObject();
    line.addProperty("op", op instanceof Op.Put ? "put" : "read");
    line.addProperty("client", op.client());
    line.addProperty("begin", op.beginNanos());
    line.addProperty("end", op.endNanos());
    line.addProperty("outcome", op.outcome().name().toLowerCase(Locale.ROOT));
    if (op instanceof Op.Put put) {
      line.addProperty("lastBegin", put.lastBeginNanos());
      line.addProperty("commit", put.commit());
      line.addProperty("token", put.token());
      line.addProperty("value", put.value());
      line.add("keys", texts(put.keys()));
      line.addProperty("note", put.note());
    } else if (op instanceof Op.Read read) {
      line.addProperty("commit", read.commit());
      line.add("keys", texts(read.keys()));
      var values = new JsonArray();
      for (long value : read.values()) {
        values.add(value);
      }
      line.add("values", values);
      line.addProperty("note", read.note());
    }
    return line;
  }

  private static JsonArray texts(List<String> texts) {
    var array = new JsonArray();
    texts.forEach(array::add);
    return array;
  }

  /** The operations of a file. */
  static List<Op> read(Path file) throws IOException {
    var ops = new ArrayList<Op>();
    try (BufferedReader in = Files.newBufferedReader(file)) {
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        JsonObject object = JsonParser.parseString(line).getAsJsonObject();
        switch (object.get("op").getAsString()) {
          case "put" -> ops.add(put(object));
          case "read" -> ops.add(readOf(object));
          default -> {
            // Not an operation.
          }
        }
      }
    }
    return ops;
  }

  private static Op.Put put(JsonObject line) {
    return new Op.Put(
        line.get("client").getAsString(),
        line.get("token").getAsString(),
        line.get("begin").getAsLong(),
        line.get("lastBegin").getAsLong(),
        line.get("end").getAsLong(),
        outcome(line),
        line.get("commit").getAsLong(),
        line.get("value").getAsLong(),
        keys(line),
        line.get("note").getAsString());
  }

  private static Op.Read readOf(JsonObject line) {
    return new Op.Read(
        line.get("client").getAsString(),
        line.get("begin").getAsLong(),
        line.get("end").getAsLong(),
        outcome(line),
        line.get("commit").getAsLong(),
        keys(line),
        line.getAsJsonArray("values").asList().stream().mapToLong(JsonElement::getAsLong).toArray(),
        line.get("note").getAsString());
  }

  private static Op.Outcome outcome(JsonObject line) {
    return Op.Outcome.valueOf(line.get("outcome").getAsString().toUpperCase(Locale.ROOT));
  }

  private static List<String> keys(JsonObject line) {
    return line.getAsJsonArray("keys").asList().stream().map(JsonElement::getAsString).toList();
  }
}
