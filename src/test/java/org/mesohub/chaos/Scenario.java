package org.mesohub.chaos;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/** Something bad that happens to a cluster, and the end of it. */
@SuppressWarnings("ImmutableEnumChecker")
enum Scenario {
  KILL_LEADER(1, Needs.NOTHING, field -> field.kill(field.leader())),
  KILL_FOLLOWER(3, Needs.NOTHING, field -> field.kill(field.follower())),
  KILL_TWO(3, Needs.NOTHING, field -> field.kill(field.leader(), field.follower())),
  KILL_ALL(
      2,
      Needs.NOTHING,
      field -> field.kill(IntStream.rangeClosed(1, field.count).boxed().toArray())),
  PAUSE_2S(1, Needs.NOTHING, field -> field.freeze(2_000)),
  PAUSE_5S(1, Needs.NOTHING, field -> field.freeze(5_000)),
  PAUSE_15S(1, Needs.NOTHING, field -> field.freeze(15_000)),
  LEADER_ALONE(3, Needs.NETNS, field -> field.cut(seconds(field, 3, 10), field.leader())),
  FOLLOWER_ALONE(3, Needs.NETNS, field -> field.cut(seconds(field, 3, 10), field.follower())),
  LEADER_IN_MINORITY(
      5,
      Needs.NETNS,
      field -> field.cut(seconds(field, 3, 10), field.leader() + "," + field.follower())),
  BRIDGE(
      3, Needs.NETNS, field -> field.cut(seconds(field, 5, 10), field.leader(), field.follower())),
  FLAPPING(
      3,
      Needs.NETNS,
      field -> {
        int victim = field.leader();
        for (int i = 0; i < 10; i++) {
          field.cut(1_000, victim);
          Watch.pause(1_000);
        }
      }),
  CUT_80S(3, Needs.NETNS, field -> field.cut(80_000, field.leader())),
  SLOW_LINK(
      3,
      Needs.NETNS,
      field -> {
        int victim = field.anyone();
        field.scripts.run("delay.sh", victim, 30, 20, 1);
        Watch.pause(10_000);
        field.scripts.run("delay.sh", victim, "off");
      }),
  DISK_FULL(1, Needs.DISK, field -> field.disk("full", "free", 5_000)),
  DISK_READ_ONLY(1, Needs.DISK, field -> field.disk("readonly", "writable", 5_000)),
  FSYNC_FAILS(1, Needs.ROOT, field -> field.disk("failfsync", "okfsync", 5_000)),
  CHUNK_BIT_FLIPPED(3, Needs.NOTHING, field -> field.damage("flip-chunk", "unflip")),
  LOG_BIT_FLIPPED(3, Needs.NOTHING, field -> field.damage("flip-log", "unflip")),
  FOLDER_LOST(3, Needs.NOTHING, field -> field.loseFolder()),
  ROLLING_RESTART(
      1,
      Needs.NOTHING,
      field -> {
        for (int number = 1; number <= field.count; number++) {
          field.strike("kill.sh", "--gently", number);
          field.scripts.run("up.sh");
          field.watch.awaitWell(60_000);
        }
      }),
  LEADER_ENDS_GENTLY(
      1,
      Needs.NOTHING,
      field -> {
        field.strike("kill.sh", "--gently", field.leader());
        field.scripts.run("up.sh");
      });

  /** What the cluster must have been made with. */
  enum Needs {
    NOTHING,
    ROOT,
    NETNS,
    DISK
  }

  private interface Script {
    void run(Field field);
  }

  /**
   * A cluster that a fault happens to, what was done to it, and when it struck: 0 when nobody told.
   */
  static final class Field {
    private static final long LEADER_PATIENCE_MILLIS = 30_000;

    /** A node that its disk failed may want to be started anew, once there is room again. */
    private static final long RESTART_AFTER_MILLIS = 15_000;

    private static final Pattern TIME = Pattern.compile("at (\\d+)[.,](\\d{6})");

    final Scripts scripts;
    final Watch watch;
    final Random random;
    final int count;
    final List<String> told = new ArrayList<>();
    long struckNanos;

    Field(Scripts scripts, Watch watch, Random random, int count) {
      this.scripts = scripts;
      this.watch = watch;
      this.random = random;
      this.count = count;
    }

    /** Runs a script; the first time that one tells is when the fault struck. */
    private void strike(String script, Object... words) {
      String text = scripts.run(script, words);
      long now = System.nanoTime();
      long nowMicros = System.currentTimeMillis() * 1_000;
      Matcher time = TIME.matcher(text);
      if (struckNanos == 0 && time.find()) {
        long micros = Long.parseLong(time.group(1)) * 1_000_000 + Long.parseLong(time.group(2));
        struckNanos = now - (nowMicros - micros) * 1_000;
      }
    }

    int leader() {
      int number = watch.awaitLeader(LEADER_PATIENCE_MILLIS);
      return number > 0 ? number : anyone();
    }

    int follower() {
      int leader = watch.awaitLeader(LEADER_PATIENCE_MILLIS);
      int[] others = IntStream.rangeClosed(1, count).filter(n -> n != leader).toArray();
      return others[random.nextInt(others.length)];
    }

    int anyone() {
      return 1 + random.nextInt(count);
    }

    private void kill(Object... numbers) {
      told.add("kill -9 of " + Arrays.toString(numbers));
      strike("kill.sh", numbers);
      Watch.pause(1_000 + random.nextInt(3_000));
      scripts.run("up.sh");
    }

    private void freeze(long millis) {
      int victim = leader();
      told.add("node " + victim + " frozen");
      strike("pause.sh", victim);
      Watch.pause(millis);
      scripts.run("resume.sh", victim);
    }

    private void cut(long millis, Object... sides) {
      told.add("cut " + Arrays.toString(sides));
      strike("partition.sh", sides);
      Watch.pause(millis);
      scripts.run("heal.sh");
    }

    private void disk(String fault, String cure, long millis) {
      int victim = anyone();
      told.add("node " + victim);
      strike("disk.sh", fault, victim);
      Watch.pause(millis);
      scripts.run("disk.sh", cure, victim);
      scripts.run("up.sh", "--wait", 1, "--quiet");
      if (!watch.awaitWell(RESTART_AFTER_MILLIS)) {
        told.add("started anew, as it said " + watch.text());
        scripts.run("kill.sh", victim);
        scripts.run("up.sh");
      }
    }

    /** A node comes back without all that it had; it must be taken in anew. */
    private void loseFolder() {
      int victim = anyone();
      told.add("node " + victim + " lost its data folder");
      strike("kill.sh", victim);
      scripts.run("disk.sh", "lose", victim);
      scripts.run("disk.sh", "keep", victim);
      scripts.run("up.sh");
    }

    /** Damages what a node that is down has stored; when it cannot live with that, undoes it. */
    private void damage(String fault, String cure) {
      int victim = follower();
      scripts.run("kill.sh", victim);
      told.add("node " + victim + ": " + scripts.run("disk.sh", fault, victim));
      scripts.run("up.sh", "--wait", 1, "--quiet");
      if (watch.awaitWell(60_000)) {
        told.add("it lived with that");
        scripts.run("disk.sh", "keep", victim);
      } else {
        told.add("it did not work with that: " + watch.text());
        scripts.run("kill.sh", victim);
        scripts.run("disk.sh", cure, victim);
        scripts.run("up.sh");
      }
    }
  }

  private final int nodesMin;
  private final Needs needs;
  private final Script script;

  Scenario(int nodesMin, Needs needs, Script script) {
    this.nodesMin = nodesMin;
    this.needs = needs;
    this.script = script;
  }

  private static long seconds(Field field, int least, int most) {
    return (least + field.random.nextInt(most - least + 1)) * 1_000L;
  }

  /**
   * Lets it happen and ends it; returns when nothing is broken any more, though not all well yet.
   */
  void run(Field field) {
    script.run(field);
  }

  /** Why it cannot be had with such a cluster; empty when it can. */
  String missing(int nodes, boolean netns, boolean disk, boolean root) {
    var missing = new ArrayList<String>();
    if (nodes < nodesMin) {
      missing.add(nodesMin + " nodes");
    }
    if (needs == Needs.NETNS && !netns) {
      missing.add("up.sh --netns");
    }
    if (needs == Needs.DISK && !disk) {
      missing.add("up.sh --disk");
    }
    if (needs == Needs.ROOT && !root) {
      missing.add("root");
    }
    return String.join(", ", missing);
  }
}
