package org.mesohub.cli;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.mesohub.proto.v1.Selection;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * Which rows, by key and value, and which of their columns; mixed into the commands that read rows.
 */
final class FilterOptions {
  @Mixin SelectionOptions keys = new SelectionOptions();

  @Option(
      names = "--bbox",
      paramLabel = "W,S,E,N",
      description = "Positions inside, in degrees; west > east crosses the date line.")
  @Nullable String bbox;

  @Option(
      names = {"--where", "-w"},
      paramLabel = "CONDITION",
      description = "Such as 'TMPF>80' or 'air_temperature <= 0 Cel'. Repeatable: all must hold.")
  List<String> where = new ArrayList<>();

  @Option(
      names = {"--var", "-v"},
      paramLabel = "NAME",
      split = ",",
      description = "Variables to return, by source name (TMPF) or dictionary id (default: all).")
  List<String> variables = new ArrayList<>();

  @Option(
      names = "--units",
      paramLabel = "SYSTEM",
      description = "source (as stored, the default), dictionary, metric or english.")
  String units = "source";

  Selection selection() {
    Selection.Builder selection = keys.selection(SelectionOptions.nowMicros());
    if (bbox != null) {
      selection.setBbox(BboxArgument.parse(bbox));
    }
    where.forEach(text -> selection.addWhere(WhereArgument.parse(text)));
    return selection.build();
  }
}
