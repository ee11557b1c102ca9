package org.mesohub.cli;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.mesohub.config.ConfigException;
import org.mesohub.config.ConfigFile;
import org.mesohub.config.EffectiveConfig;
import org.mesohub.config.NodeConfig;
import org.mesohub.node.Supervisor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Runs a node until the process is told to end. */
@Command(
    name = "serve",
    description = "Run a node. Without --config: alone, on 127.0.0.1:8080, data in ./data.")
final class ServeCommand implements Callable<Integer> {
  private static final Logger LOG = LoggerFactory.getLogger(ServeCommand.class);

  /** Longest orderly shutdown; what is acknowledged is safe without it. */
  private static final int CLOSE_SECONDS_MAX = 20;

  private final Console console;

  @Option(names = "--config", paramLabel = "FILE", description = "YAML file; see conf/node.yaml.")
  @Nullable Path config;

  @Option(
      names = "--check",
      description = "Check the configuration, print what is in effect, and end.")
  boolean check;

  ServeCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    NodeConfig settings = settings();
    if (check) {
      console.print(EffectiveConfig.render(settings));
      return ExitCode.OK;
    }
    Thread.setDefaultUncaughtExceptionHandler(ServeCommand::threadDied);
    try {
      Supervisor node = Supervisor.start(settings).toCompletionStage().toCompletableFuture().join();
      Runtime.getRuntime().addShutdownHook(new Thread(() -> close(node), "shutdown"));
      console.err().println(node.node().listening());
      return Cli.STILL_RUNNING;
    } catch (CompletionException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      throw new CliException(ExitCode.UNAVAILABLE, "the node did not start: " + cause.getMessage());
    }
  }

  private NodeConfig settings() {
    try {
      return config == null ? ConfigFile.defaults() : ConfigFile.read(config);
    } catch (ConfigException e) {
      String all = String.valueOf(e.getMessage()).replace("\n", "\nmesohub: ");
      throw new CliException(ExitCode.USAGE, all);
    }
  }

  /** A node that lost a thread to a lack of memory would look alive and answer nothing: it ends. */
  private static void threadDied(Thread thread, Throwable failure) {
    LOG.error("thread died thread={}", thread.getName(), failure);
    if (failure instanceof VirtualMachineError) {
      Runtime.getRuntime().halt(ExitCode.UNAVAILABLE);
    }
  }

  private void close(Supervisor node) {
    try {
      node.close()
          .toCompletionStage()
          .toCompletableFuture()
          .get(CLOSE_SECONDS_MAX, TimeUnit.SECONDS);
    } catch (Exception e) {
      console.message("did not close in order: " + e);
    }
  }
}
