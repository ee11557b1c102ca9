package org.mesohub.grpc;

import static org.mesohub.grpc.Invalid.invalid;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import java.io.IOException;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.mesohub.query.Condition.Op;

/**
 * Reads the conditions of the 2018 contract: {@code [{"lhs":"TMPF","op":"gt","rhs":"0"}, ...]}.
 * Strict: what is not understood fails as INVALID, for ignoring a condition would give rows nobody
 * asked for.
 */
final class ParamsJson {
  /** Most conditions of one request. */
  static final int CONDITIONS_MAX = 100;

  /** Most values of one list. */
  static final int VALUES_MAX = 10_000;

  private static final Set<String> KEYS = Set.of("lhs", "op", "rhs");

  private static final Map<String, Op> OPS =
      Map.of("eq", Op.EQ, "gt", Op.GT, "gte", Op.GE, "lt", Op.LT, "lte", Op.LE, "in", Op.IN);

  private ParamsJson() {}

  /**
   * A condition as written.
   *
   * @param field where it is, for messages
   * @param column name of the left-hand side
   * @param op IN when values come as a list
   * @param values right-hand sides; one unless {@code op} is IN
   */
  record Param(String field, String column, Op op, List<String> values) {}

  /** The conditions; none for an empty text. */
  static List<Param> parse(String text) {
    if (text.isBlank()) {
      return List.of();
    }
    JsonElement root = json(text);
    if (!root.isJsonArray()) {
      throw invalid(
          "params_json: a list of conditions is needed, [{\"lhs\":…,\"op\":…,\"rhs\":…}]");
    }
    JsonArray list = root.getAsJsonArray();
    if (list.size() > CONDITIONS_MAX) {
      throw invalid("params_json: at most " + CONDITIONS_MAX + " conditions");
    }
    var params = new ArrayList<Param>();
    for (int i = 0; i < list.size(); i++) {
      params.add(param("params_json[" + i + "]", list.get(i)));
    }
    return params;
  }

  private static JsonElement json(String text) {
    var reader = new JsonReader(new StringReader(text));
    reader.setStrictness(Strictness.STRICT);
    try {
      JsonElement root = JsonParser.parseReader(reader);
      if (reader.peek() != JsonToken.END_DOCUMENT) {
        throw invalid("params_json: text after the end of the list");
      }
      return root;
    } catch (JsonParseException | IOException | StackOverflowError e) {
      throw invalid("params_json: no valid JSON");
    }
  }

  private static Param param(String field, JsonElement element) {
    if (!element.isJsonObject()) {
      throw invalid(field + ": an object with lhs, op and rhs is needed");
    }
    JsonObject object = element.getAsJsonObject();
    for (String key : object.keySet()) {
      if (!KEYS.contains(key)) {
        throw invalid(field + ": unknown key \"" + key + "\", known are lhs, op and rhs");
      }
    }
    String column = text(object.get("lhs"), field + ".lhs");
    String name = text(object.get("op"), field + ".op");
    Op op = OPS.get(name);
    if (op == null) {
      throw invalid(
          field + ".op: unknown operator \"" + name + "\", known are eq, gt, gte, lt, lte, in");
    }
    JsonElement rhs = object.get("rhs");
    if (rhs != null && rhs.isJsonArray()) {
      if (op != Op.EQ && op != Op.IN) {
        throw invalid(field + ".rhs: " + name + " takes one value, not a list");
      }
      return new Param(field, column, Op.IN, texts(rhs.getAsJsonArray(), field + ".rhs"));
    }
    return new Param(field, column, op, List.of(text(rhs, field + ".rhs")));
  }

  private static List<String> texts(JsonArray array, String field) {
    if (array.size() > VALUES_MAX) {
      throw invalid(field + ": at most " + VALUES_MAX + " values");
    }
    var texts = new ArrayList<String>();
    for (int i = 0; i < array.size(); i++) {
      texts.add(text(array.get(i), field + "[" + i + "]"));
    }
    return texts;
  }

  /** A string; numbers are taken as they are written. */
  private static String text(@org.jspecify.annotations.Nullable JsonElement element, String field) {
    if (element == null || !element.isJsonPrimitive() || element.getAsJsonPrimitive().isBoolean()) {
      throw invalid(field + ": a string is needed");
    }
    return element.getAsString();
  }
}
