package org.mesohub.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.mesohub.proto.v1.PutHeader;
import org.mesohub.proto.v1.PutResponse;
import org.mesohub.proto.v1.PutToken;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Stores files, each as one put: visible whole or not at all. */
@Command(
    name = "put",
    description =
        "Store files, each as one put. What is cut off is repeated with the same token, so that"
            + " nothing is stored twice.")
final class PutCommand implements Callable<Integer> {
  /** More only makes the node wait for its disk. */
  private static final int PARALLEL_MAX = 64;

  private final Console console;
  private final AtomicLong bytesSent = new AtomicLong();
  private final AtomicLong rows = new AtomicLong();
  private final AtomicInteger filesDone = new AtomicInteger();

  @Mixin ConnectionOptions connection = new ConnectionOptions();
  @Mixin PutOptionsGroup options = new PutOptionsGroup();
  @Mixin TokenOptions tokens = new TokenOptions();

  @Parameters(
      arity = "1..*",
      paramLabel = "FILE",
      description = "Files or patterns; plain or gzip, found out by content. - is standard input.")
  List<String> files = List.of();

  @Option(names = "--parallel", paramLabel = "N", description = "Files in flight (default: 2).")
  int parallel = 2;

  @Option(
      names = "--retries",
      paramLabel = "N",
      description = "Times to try again when the node is away or busy (default: 6).")
  int retries = 6;

  @Option(names = "--strict", description = "Exit with 1 when rows were rejected.")
  boolean strict;

  @Option(names = "--json", description = "One JSON object a file instead of the line of text.")
  boolean json;

  @Option(
      names = {"--quiet", "-q"},
      description = "No progress.")
  boolean quiet;

  PutCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    if (parallel < 1 || parallel > PARALLEL_MAX) {
      throw CliException.usage("--parallel " + parallel + ": expected 1 to " + PARALLEL_MAX);
    }
    List<String> expanded = Globs.expand(files);
    long total = expanded.stream().mapToLong(PutCommand::size).sum();
    ExecutorService pool = Executors.newFixedThreadPool(Math.min(parallel, expanded.size()));
    try (NodeClient client = connection.connect(console);
        ProgressMeter meter =
            new ProgressMeter(
                console,
                !quiet,
                seconds ->
                    Progress.upload(
                        bytesSent.get(),
                        total,
                        rows.get(),
                        seconds,
                        filesDone.get(),
                        expanded.size()))) {
      var results = new ArrayList<Future<Integer>>();
      for (String file : expanded) {
        PutToken token = tokens.token();
        results.add(pool.submit(() -> put(client, meter, file, token)));
      }
      return exitCode(results);
    } finally {
      pool.shutdownNow();
    }
  }

  private static long size(String file) {
    try {
      return file.equals(Globs.STDIN) ? 0 : Files.size(Path.of(file));
    } catch (IOException e) {
      return 0;
    }
  }

  /** Exit code of one file, after its result was printed. */
  private int put(NodeClient client, ProgressMeter meter, String file, PutToken token) {
    try {
      PutResponse done = upload(client, meter, file, token);
      filesDone.incrementAndGet();
      meter.aside(() -> PutReport.print(console, file, done, json));
      return strict && done.getRejected() > 0 ? ExitCode.PARTIAL : ExitCode.OK;
    } catch (CallException e) {
      meter.aside(() -> console.message(file + ": " + e.getMessage() + hint(e, token)));
      return e.kind().exitCode();
    } catch (CliException e) {
      meter.aside(() -> console.message(file + ": " + e.getMessage()));
      return e.exitCode();
    }
  }

  private static String hint(CallException e, PutToken token) {
    return e.kind() == CallException.Kind.INDETERMINATE
        ? "; it may have been stored: repeat with --client "
            + token.getClient()
            + " --sequence "
            + token.getSequence()
        : "";
  }

  private PutResponse upload(NodeClient client, ProgressMeter meter, String file, PutToken token) {
    boolean repeatable = !file.equals(Globs.STDIN) && Files.isRegularFile(Path.of(file));
    double rowsPerByte =
        repeatable && meter.isVisible() ? RowEstimate.rowsPerByte(Path.of(file)) : 0;
    String name = repeatable ? String.valueOf(Path.of(file).getFileName()) : "stdin";
    PutHeader header = options.header(name).setToken(token).build();
    var attempts =
        new Retries(
            repeatable ? retries : 0,
            client::moveOn,
            text -> meter.aside(() -> console.message(file + ": " + text)),
            Retries::sleep);
    return attempts.run(
        () -> {
          var sentNow = new AtomicLong();
          var rowsNow = new AtomicLong();
          try (InputStream in = open(file)) {
            PutResponse done =
                new PutUpload(
                        client,
                        n -> {
                          sentNow.addAndGet(n);
                          bytesSent.addAndGet(n);
                          long some = (long) (n * rowsPerByte);
                          rowsNow.addAndGet(some);
                          rows.addAndGet(some);
                        })
                    .send(header, in);
            rows.addAndGet(
                done.getStored() + done.getUnchanged() + done.getCorrected() - rowsNow.get());
            return done;
          } catch (IOException e) {
            throw new CliException(ExitCode.USAGE, "cannot be read: " + e.getMessage());
          } catch (CallException e) {
            bytesSent.addAndGet(-sentNow.get());
            rows.addAndGet(-rowsNow.get());
            throw e;
          }
        });
  }

  private InputStream open(String file) throws IOException {
    return file.equals(Globs.STDIN) ? console.in() : Files.newInputStream(Path.of(file));
  }

  /** One failure of several files is a partial failure; if all failed alike, their common code. */
  private static int exitCode(List<Future<Integer>> results) {
    int worst = ExitCode.OK;
    boolean allAlike = true;
    int first = -1;
    for (Future<Integer> result : results) {
      int code = code(result);
      allAlike &= first < 0 || code == first;
      first = code;
      worst = Math.max(worst, code);
    }
    return allAlike ? worst : worst == ExitCode.INDETERMINATE ? worst : ExitCode.PARTIAL;
  }

  private static int code(Future<Integer> result) {
    try {
      return result.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CliException(ExitCode.INTERRUPTED, "interrupted");
    } catch (ExecutionException e) {
      throw e.getCause() instanceof RuntimeException known
          ? known
          : new IllegalStateException("a put failed unexpectedly", e.getCause());
    }
  }
}
