package org.mesohub.cli;

import org.mesohub.proto.v1.PutHeader;
import picocli.CommandLine.Option;

/** How puts are to be taken; the same for all files of one invocation. */
final class PutOptionsGroup {
  @Option(
      names = "--source",
      paramLabel = "NAME",
      description = "What to call the source (default: the file's name).")
  String source = "";

  @Option(
      names = "--licence",
      paramLabel = "TEXT",
      description = "Licence of the rows, best an SPDX id.")
  String licence = "";

  @Option(
      names = "--network",
      paramLabel = "ID",
      description = "Network of rows that name none (default: that of the node or format).")
  String network = "";

  @Option(
      names = "--format",
      paramLabel = "NAME",
      description = "mesowest, csv or station-list (default: found out by the node).")
  String format = "";

  @Option(names = "--dry-run", description = "Read, check and count everything; store nothing.")
  boolean dryRun;

  /**
   * @param fileName used as source when none was given
   */
  PutHeader.Builder header(String fileName) {
    return PutHeader.newBuilder()
        .setSource(source.isEmpty() ? fileName : source)
        .setLicence(licence)
        .setDefaultNetwork(network)
        .setFormat(format)
        .setDryRun(dryRun);
  }
}
