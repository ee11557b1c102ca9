package org.mesohub.cli;

import org.mesohub.proto.v1.Scope;
import picocli.CommandLine.Option;

/** Whom a read may ask beyond the cluster of the node; mixed into commands that read rows. */
final class ScopeOption {
  @Option(
      names = "--scope",
      paramLabel = "SCOPE",
      defaultValue = "auto",
      description =
          "local: this cluster alone; auto (the default): other clusters for days of networks that"
              + " are not here; all: other clusters for everything.")
  String scope = "auto";

  Scope value() {
    return switch (scope) {
      case "local" -> Scope.SCOPE_LOCAL;
      case "auto" -> Scope.SCOPE_AUTO;
      case "all" -> Scope.SCOPE_ALL;
      default -> throw CliException.usage("--scope '" + scope + "': expected local, auto or all");
    };
  }
}
