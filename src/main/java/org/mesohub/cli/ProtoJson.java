package org.mesohub.cli;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import java.util.List;

/**
 * Messages as JSON for scripts: unlike protobuf's own mapping, 64-bit numbers are numbers and every
 * field is there.
 */
final class ProtoJson {
  private ProtoJson() {}

  static JsonObject object(Message message) {
    var json = new JsonObject();
    for (FieldDescriptor field : message.getDescriptorForType().getFields()) {
      Object value = message.getField(field);
      if (field.isRepeated()) {
        var items = new JsonArray();
        ((List<?>) value).forEach(item -> items.add(element(item)));
        json.add(field.getJsonName(), items);
      } else {
        json.add(field.getJsonName(), element(value));
      }
    }
    return json;
  }

  private static JsonElement element(Object value) {
    if (value instanceof Message message) {
      return object(message);
    }
    if (value instanceof Number number) {
      return new JsonPrimitive(number);
    }
    return value instanceof Boolean bool
        ? new JsonPrimitive(bool)
        : new JsonPrimitive(value.toString());
  }
}
