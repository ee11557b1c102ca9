package org.mesohub.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/**
 * Finds and runs the command. Only the class of the command that runs is loaded, because starting
 * up is most of its time.
 */
public final class Cli {
  /** Returned instead of an exit code when the process goes on by itself. */
  public static final int STILL_RUNNING = -1;

  static final Map<String, Function<Console, Object>> COMMANDS = commands();

  private Cli() {}

  private static Map<String, Function<Console, Object>> commands() {
    var commands = new LinkedHashMap<String, Function<Console, Object>>();
    commands.put("serve", ServeCommand::new);
    commands.put("put", PutCommand::new);
    commands.put("get", GetCommand::new);
    commands.put("delete", DeleteCommand::new);
    commands.put("latest", LatestCommand::new);
    commands.put("stations", StationsCommand::new);
    commands.put("days", DaysCommand::new);
    commands.put("status", StatusCommand::new);
    commands.put("leader", LeaderCommand::new);
    commands.put("node", NodeCommand::new);
    commands.put("peer", PeerCommand::new);
    commands.put("generate", GenerateCommand::new);
    commands.put("bench", BenchCommand::new);
    commands.put("compact", CompactCommand::new);
    commands.put("scrub", ScrubCommand::new);
    commands.put("backup", BackupCommand::new);
    commands.put("restore", RestoreCommand::new);
    commands.put("cert", CertCommand::new);
    return commands;
  }

  /** Runs one command line; returns the exit code or {@link #STILL_RUNNING}. */
  public static int run(String[] args, Console console) {
    List<String> ordered = Arguments.commandFirst(args, COMMANDS.keySet());
    if (!ordered.get(0).equals("serve")) {
      QuietLogging.install();
    }
    return commandLine(ordered.get(0), console).execute(ordered.toArray(String[]::new));
  }

  private static CommandLine commandLine(String command, Console console) {
    CommandLine root = new CommandLine(new Root());
    root.getCommandSpec().usageMessage().footer(Help.FOOTER);
    COMMANDS.forEach(
        (name, make) -> {
          if (name.equals(command) || !COMMANDS.containsKey(command)) {
            CommandSpec spec = CommandSpec.forAnnotatedObject(make.apply(console));
            spec.mixinStandardHelpOptions(true);
            root.addSubcommand(name, new CommandLine(spec));
          }
        });
    root.setOut(new PrintWriter(console.out(), true, java.nio.charset.StandardCharsets.UTF_8));
    root.setErr(new PrintWriter(console.err(), true));
    root.setUsageHelpAutoWidth(true);
    root.setCaseInsensitiveEnumValuesAllowed(true);
    root.setParameterExceptionHandler((e, args) -> wrongUsage(e, console));
    root.setExecutionExceptionHandler((e, line, parsed) -> failed(e, console));
    return root;
  }

  private static int wrongUsage(ParameterException e, Console console) {
    console.message(text(e));
    CommandLine.UnmatchedArgumentException.printSuggestions(
        e, new PrintWriter(console.err(), true));
    console.message("see: " + e.getCommandLine().getCommandSpec().qualifiedName() + " --help");
    return ExitCode.USAGE;
  }

  /** Exit code and message of whatever a command threw. */
  static int failed(Throwable e, Console console) {
    if (e instanceof Console.BrokenPipe) {
      return ExitCode.OK;
    }
    if (e instanceof CliException known) {
      console.message(text(known));
      return known.exitCode();
    }
    if (e instanceof CallException call) {
      console.message(text(call));
      return call.exitCodeOfRead();
    }
    var trace = new StringWriter();
    e.printStackTrace(new PrintWriter(trace));
    console.message("this is a bug, please report it: " + trace);
    return ExitCode.REFUSED;
  }

  private static String text(Throwable e) {
    return String.valueOf(e.getMessage());
  }

  /** The command above all commands. */
  @Command(
      name = "mesohub",
      description = "Stores and serves surface weather observations. Without a command: serve.",
      mixinStandardHelpOptions = true,
      versionProvider = Help.Version.class,
      synopsisSubcommandLabel = "COMMAND")
  static final class Root implements Runnable {
    @Override
    public void run() {
      throw CliException.usage("no command given; see: mesohub --help");
    }
  }
}
