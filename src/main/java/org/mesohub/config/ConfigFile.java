package org.mesohub.config;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.Node;

/**
 * Reads configuration files. Only the tree of nodes is built, never Java objects, so that each
 * value keeps its line and its text ({@code 127.0.0.1:8080} and {@code 1_0} mean what they say).
 */
public final class ConfigFile {
  /** Longest file accepted; far above any real one, small against the heap. */
  private static final int FILE_BYTES_MAX = 1 << 20;

  /** Deepest nesting accepted; real files need 4. */
  private static final int DEPTH_MAX = 16;

  private ConfigFile() {}

  /** What a node does without any configuration, its data in {@code ./data}. */
  public static NodeConfig defaults() {
    try {
      return parse("defaults", "", Path.of(""));
    } catch (ConfigException e) {
      throw new IllegalStateException("the defaults are valid", e);
    }
  }

  /**
   * Reads a file. Relative paths inside it are relative to the working folder for {@code data}, and
   * to the file for token files.
   *
   * @throws ConfigException with every problem, also when the file cannot be read
   */
  public static NodeConfig read(Path file) throws ConfigException {
    String text;
    try {
      if (Files.size(file) > FILE_BYTES_MAX) {
        throw problem(file, "larger than " + Units.formatSize(FILE_BYTES_MAX));
      }
      text = Files.readString(file, StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw problem(file, "cannot be read (" + e + "); check --config");
    }
    Path folder = file.toAbsolutePath().getParent();
    return parse(file.toString(), text, folder == null ? Path.of("") : folder);
  }

  /**
   * Parses a configuration.
   *
   * @param source what to call the text in messages
   * @param folder folder that token files are relative to
   */
  public static NodeConfig parse(String source, String text, Path folder) throws ConfigException {
    var problems = new ArrayList<ConfigProblem>();
    Node root = null;
    try {
      root = compose(text);
    } catch (MarkedYAMLException e) {
      int line = e.getProblemMark() == null ? 0 : e.getProblemMark().getLine() + 1;
      problems.add(new ConfigProblem(line, "", "not valid YAML: " + e.getProblem()));
    } catch (YAMLException e) {
      problems.add(new ConfigProblem(0, "", "not valid YAML: " + e.getMessage()));
    }
    if (!problems.isEmpty()) {
      throw new ConfigException(source, problems);
    }
    NodeConfig config = new ConfigReader(folder).read(new Section("", root, problems));
    if (!problems.isEmpty()) {
      problems.sort(Comparator.comparingInt(ConfigProblem::line));
      throw new ConfigException(source, problems);
    }
    return config;
  }

  private static @Nullable Node compose(String text) {
    var options = new LoaderOptions();
    options.setCodePointLimit(FILE_BYTES_MAX);
    options.setNestingDepthLimit(DEPTH_MAX);
    options.setMaxAliasesForCollections(0);
    return new Yaml(new SafeConstructor(options)).compose(new java.io.StringReader(text));
  }

  private static ConfigException problem(Path file, String message) {
    return new ConfigException(file.toString(), List.of(new ConfigProblem(0, "", message)));
  }
}
