package org.mesohub.config;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

/**
 * One mapping of the file. Each known key is asked for once, whether it is there or not; {@link
 * #end} then reports the keys that nobody asked for. Problems are collected, never thrown, and the
 * fallback stands in for what is wrong.
 */
final class Section {
  private final String path;
  private final int line;
  private final List<ConfigProblem> problems;
  private final Map<String, Node> values = new LinkedHashMap<>();
  private final Map<String, Integer> lines = new LinkedHashMap<>();
  private final TreeSet<String> asked = new TreeSet<>();

  /**
   * @param path dotted path, empty for the root
   * @param node null when the section is not in the file
   */
  Section(String path, @Nullable Node node, List<ConfigProblem> problems) {
    this.path = path;
    this.problems = problems;
    this.line = node == null ? 0 : lineOf(node);
    if (node instanceof MappingNode mapping) {
      mapping.getValue().forEach(this::take);
    } else if (node != null && !isNull(node)) {
      problems.add(new ConfigProblem(line, path, found(node) + "; expected keys with values"));
    }
  }

  private void take(NodeTuple tuple) {
    int keyLine = lineOf(tuple.getKeyNode());
    if (!(tuple.getKeyNode() instanceof ScalarNode key)) {
      problems.add(new ConfigProblem(keyLine, path, "a key must be plain text"));
    } else if (values.putIfAbsent(key.getValue(), tuple.getValueNode()) != null) {
      String first = "given twice, first in line " + lines.get(key.getValue());
      problems.add(new ConfigProblem(keyLine, child(key.getValue()), first + "; keep one"));
    } else {
      lines.put(key.getValue(), keyLine);
    }
  }

  Section section(String key) {
    return new Section(child(key), value(key), problems);
  }

  /** The value, or null when the key is absent, empty, or wrong (which is reported). */
  <T> @Nullable T optional(String key, Rule<T> rule) {
    Node node = value(key);
    return node == null ? null : parse(child(key), node, rule);
  }

  <T> T value(String key, T fallback, Rule<T> rule) {
    T value = optional(key, rule);
    return value == null ? fallback : value;
  }

  /** Items of a list that are mappings; reports a value that is no list. */
  List<Section> sections(String key) {
    var sections = new ArrayList<Section>();
    for (Node item : items(key)) {
      sections.add(new Section(child(key) + "[" + sections.size() + "]", item, problems));
    }
    return sections;
  }

  /** Items of a list of plain values; wrong ones are reported and left out. */
  <T> List<T> values(String key, Rule<T> rule) {
    var parsed = new ArrayList<T>();
    int index = 0;
    for (Node item : items(key)) {
      T value = parse(child(key) + "[" + index++ + "]", item, rule);
      if (value != null) {
        parsed.add(value);
      }
    }
    return parsed;
  }

  /** All keys of a free mapping. */
  Map<String, String> map(String key, Rule<String> keyRule, Rule<String> valueRule) {
    Section inner = section(key);
    var map = new LinkedHashMap<String, String>();
    inner.values.forEach(
        (name, node) -> {
          if (keyRule.parse().apply(name).isEmpty()) {
            inner.problem(name, "not a right name; expected " + keyRule.expected());
          }
          String value = parse(inner.child(name), node, valueRule);
          if (value != null) {
            map.put(name, value);
          }
        });
    return map;
  }

  boolean has(String key) {
    return value(key) != null;
  }

  /** Reports something about a key that goes beyond its own form. */
  void problem(String key, String message) {
    problems.add(new ConfigProblem(lines.getOrDefault(key, line), child(key), message));
  }

  /** Reports the keys that nobody asked for. */
  void end() {
    for (String key : values.keySet()) {
      if (!asked.contains(key)) {
        String hint =
            Nearest.to(key, asked)
                .map(near -> "did you mean " + near + "?")
                .orElse("known here: " + String.join(", ", asked));
        problem(key, "unknown key; " + hint);
      }
    }
  }

  private @Nullable Node value(String key) {
    asked.add(key);
    Node node = values.get(key);
    return node == null || isNull(node) ? null : node;
  }

  private List<Node> items(String key) {
    Node node = value(key);
    if (node == null) {
      return List.of();
    }
    if (node instanceof SequenceNode sequence) {
      return sequence.getValue();
    }
    problem(key, found(node) + "; expected a list");
    return List.of();
  }

  private <T> @Nullable T parse(String at, Node node, Rule<T> rule) {
    var parsed =
        node instanceof ScalarNode scalar
            ? rule.parse().apply(scalar.getValue())
            : java.util.Optional.<T>empty();
    if (parsed.isEmpty()) {
      problems.add(
          new ConfigProblem(lineOf(node), at, found(node) + "; expected " + rule.expected()));
    }
    return parsed.orElse(null);
  }

  private String child(String key) {
    return path.isEmpty() ? key : path + "." + key;
  }

  private static boolean isNull(Node node) {
    return Tag.NULL.equals(node.getTag());
  }

  private static int lineOf(Node node) {
    return node.getStartMark() == null ? 0 : node.getStartMark().getLine() + 1;
  }

  private static String found(Node node) {
    return node instanceof ScalarNode scalar
        ? "'" + scalar.getValue() + "'"
        : node instanceof SequenceNode ? "a list" : "a mapping";
  }
}
