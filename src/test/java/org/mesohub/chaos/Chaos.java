package org.mesohub.chaos;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.mesohub.cli.NodeConnection;

/**
 * Faults in a test cluster under load, from a seed; the history is checked at the end. Ends with 0
 * when nothing was wrong, 1 when something was. Options are in {@code test-cluster/chaos.sh}.
 */
final class Chaos {
  /** Attempts that take longer than this get no answer any more. */
  private static final Duration ATTEMPT_PATIENCE = Duration.ofSeconds(2);

  private static final long RECOVERY_MILLIS_MAX = 60_000;
  private static final long LAST_READ_MILLIS_MAX = 60_000;
  private static final int QUIET_MILLIS = 3_000;

  private final Map<String, String> options;
  private final Path run;
  private final long seed;
  private final List<Fault> faults = new ArrayList<>();
  private final List<String> wrong = new ArrayList<>();

  private Chaos(Map<String, String> options) {
    this.options = options;
    this.run = Path.of(option("run", "run"));
    this.seed = Long.parseLong(option("seed", "1"));
  }

  public static void main(String[] args) throws Exception {
    var options = new TreeMap<String, String>();
    for (String arg : args) {
      String[] parts = arg.split("=", 2);
      options.put(parts[0], parts.length > 1 ? parts[1] : "");
    }
    System.exit(new Chaos(options).run() ? 0 : 1);
  }

  private String option(String name, String otherwise) {
    return options.getOrDefault(name, otherwise);
  }

  private boolean run() throws Exception {
    Path file = run.resolve("history.ndjson");
    String token = System.getenv("MESOHUB_TOKEN");
    say("seed " + seed + ", history in " + file);
    try (var members = new Members(run.resolve("nodes.tsv"), token);
        var watch = new Watch(members)) {
      if (!watch.awaitWell(RECOVERY_MILLIS_MAX)) {
        throw new IllegalStateException("not well before any fault: " + watch.text());
      }
      long term = watch.term();
      List<NodeConnection> nodes = members.connections(token, ATTEMPT_PATIENCE);
      try (var history = new HistoryFile(file)) {
        var load = new Load(plan(), nodes, history);
        load.start();
        Watch.pause(QUIET_MILLIS);
        faults(members.all().size(), watch, history);
        Watch.pause(QUIET_MILLIS);
        load.stop();
        if (!load.readAll(LAST_READ_MILLIS_MAX)) {
          wrong.add("not every node answered the last reads");
        }
      } finally {
        nodes.forEach(NodeConnection::close);
      }
      watch.shared().forEach((t, ids) -> wrong.add("term " + t + " had the leaders " + ids));
      say("terms: " + term + " before, " + watch.term() + " after");
    }
    Files.writeString(run.resolve("faults.tsv"), Fault.table(faults));
    return judge(HistoryFile.read(file));
  }

  private Load.Plan plan() {
    return new Load.Plan(
        seed,
        Integer.parseInt(option("writers", "4")),
        Integer.parseInt(option("readers", "4")),
        Integer.parseInt(option("pause", "20")),
        Integer.parseInt(option("big", "100")));
  }

  private void faults(int count, Watch watch, HistoryFile history) {
    var random = new Random(seed);
    List<Scenario> scenarios = scenarios(count);
    long end = System.nanoTime() + (long) (Double.parseDouble(option("minutes", "5")) * 60e9);
    List<Scenario> round = new ArrayList<>();
    while (System.nanoTime() < end && !scenarios.isEmpty()) {
      if (round.isEmpty()) {
        round.addAll(scenarios);
        java.util.Collections.shuffle(round, random);
      }
      one(round.remove(0), new Random(random.nextLong()), count, watch, history);
      Watch.pause(QUIET_MILLIS / 2 + random.nextInt(QUIET_MILLIS));
    }
    while (System.nanoTime() < end) {
      Watch.pause(QUIET_MILLIS);
    }
  }

  private void one(Scenario scenario, Random random, int count, Watch watch, HistoryFile history) {
    var field =
        new Scenario.Field(new Scripts(Path.of(option("scripts", "."))), watch, random, count);
    List<String> told = field.told;
    long termBefore = watch.term();
    long begin = System.nanoTime();
    history.event(begin, scenario + " begins");
    try {
      scenario.run(field);
    } catch (RuntimeException e) {
      wrong.add(scenario + ": " + e.getMessage());
      told.add(String.valueOf(e.getMessage()));
    }
    long over = System.nanoTime();
    history.event(over, scenario + " is over: " + told);
    boolean well = watch.awaitWell(RECOVERY_MILLIS_MAX);
    if (!well) {
      wrong.add(scenario + " " + told + ": not well after it: " + watch.text());
    }
    var fault =
        new Fault(
            scenario,
            told,
            field.struckNanos == 0 ? begin : field.struckNanos,
            over,
            well ? System.nanoTime() : -1,
            termBefore,
            watch.term());
    faults.add(fault);
    say(fault.text());
  }

  private List<Scenario> scenarios(int count) {
    List<Scenario> wanted =
        option("scenario", "").isEmpty()
            ? List.of(Scenario.values())
            : Arrays.stream(option("scenario", "").split(","))
                .filter(name -> !name.equals("none"))
                .map(name -> Scenario.valueOf(name.toUpperCase(Locale.ROOT).replace('-', '_')))
                .toList();
    Map<String, List<Scenario>> byMissing =
        wanted.stream()
            .collect(
                Collectors.groupingBy(
                    scenario ->
                        scenario.missing(
                            count,
                            option("netns", "0").equals("1"),
                            !option("disk", "").isEmpty(),
                            System.getProperty("user.name").equals("root"))));
    byMissing.forEach(
        (missing, left) -> {
          if (!missing.isEmpty()) {
            say("left out, as they need " + missing + ": " + left);
          }
        });
    return byMissing.getOrDefault("", List.of());
  }

  private boolean judge(List<Op> history) {
    System.out.print(Fault.report(faults, history));
    Verdict verdict = HistoryChecker.check(history);
    say(verdict.toString());
    wrong.forEach(text -> say("WRONG: " + text));
    boolean good = verdict.isGood() && wrong.isEmpty() && verdict.acknowledged() > 0;
    say((good ? "GOOD" : "BAD") + ", seed " + seed);
    return good;
  }

  private static void say(String text) {
    System.out.printf("%tT %s%n", System.currentTimeMillis(), text);
  }
}
