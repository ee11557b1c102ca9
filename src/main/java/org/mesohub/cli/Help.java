package org.mesohub.cli;

import picocli.CommandLine;

/** Texts shared by the help pages. */
final class Help {
  static final String[] FOOTER = {
    "",
    "Exit codes:",
    "    0  done",
    "    1  done in part: rows rejected under --strict, or some of several files",
    "    2  wrong usage or configuration; nothing was tried",
    "    3  the node cannot be reached or cannot serve now; nothing happened",
    "    4  the node refused (invalid, no right, token used otherwise) or failed",
    "    5  it may have happened: repeat with the same --client and --sequence",
    "  130  interrupted",
    "",
    "MESOHUB_NODE and MESOHUB_TOKEN stand in for --node and --token."
  };

  private Help() {}

  /** From the jar's manifest. */
  static final class Version implements CommandLine.IVersionProvider {
    @Override
    public String[] getVersion() {
      String version = Help.class.getPackage().getImplementationVersion();
      return new String[] {"mesohub " + (version == null ? "(built from source)" : version)};
    }
  }
}
