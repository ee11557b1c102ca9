package org.mesohub.config;

import java.util.List;
import java.util.stream.Collectors;

/**
 * A configuration that cannot be used; names everything that is wrong with it, not only the first.
 */
public final class ConfigException extends Exception {
  private static final long serialVersionUID = 1;

  private final transient List<ConfigProblem> problems;

  /**
   * @param source name of the file, for people
   * @param problems at least one, in order of lines
   */
  public ConfigException(String source, List<ConfigProblem> problems) {
    super(
        problems.stream()
            .map(problem -> source + ": " + problem)
            .collect(Collectors.joining("\n")));
    this.problems = List.copyOf(problems);
  }

  public List<ConfigProblem> problems() {
    return problems;
  }
}
