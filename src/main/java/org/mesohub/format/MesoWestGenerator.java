package org.mesohub.format;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.mesohub.observation.Day;
import org.mesohub.observation.Timestamps;

/**
 * Invents MesoWest {@code .out} files that look like real ones: by hour, stations in order of
 * network and id, one in three hundred rows an hour or more late. The same plan gives the same
 * bytes. With the default plan an hour holds about 50,000 rows.
 */
public final class MesoWestGenerator {
  /**
   * What to invent.
   *
   * @param seed any number
   * @param stations number of stations
   * @param networks number of networks, at most as many as stations
   * @param firstDay first UTC day
   * @param intervalMinutes minutes between the reports of every station, 1 to 60; 0 for the mix of
   *     2 to 60 minutes of a real snapshot
   */
  public record Plan(long seed, int stations, int networks, Day firstDay, int intervalMinutes) {
    /** Stations and networks of a real snapshot, from 2018-03-16 on. */
    public static final Plan DEFAULT = new Plan(1, 19_397, 142, new Day(17_606), 0);

    public Plan {
      if (stations < 1 || networks < 1 || networks > stations) {
        throw new IllegalArgumentException("need 1 <= networks <= stations");
      }
      if (intervalMinutes < 0 || intervalMinutes > 60) {
        throw new IllegalArgumentException("intervalMinutes must be 0 to 60");
      }
    }
  }

  /** A file. */
  @SuppressWarnings("ArrayRecordComponent")
  public record File(String name, byte[] bytes, int rows) {}

  private static final long HOUR = 3_600_000_000L;
  private static final long MINUTE = 60_000_000L;
  private static final int RECORD = GeneratedStation.RECORD + 1;
  private static final int ONE_IN_LATE = 300;

  /** Stations of a network by rank: {@code 1 / (rank + 1)^SKEW}. */
  private static final double SKEW = 1.35;

  /** Reports per hour of a station, cumulative shares of a real snapshot. */
  private static final double[] RATE_SHARES = {.42, .64, .68, .93, .955, .97, .988, .995, 1};

  private static final int[] RATE_MINUTES = {60, 30, 20, 15, 12, 10, 5, 3, 2};
  private static final String LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";

  private final Plan plan;
  private final List<GeneratedStation> stations;

  /** Records held back, per station, to go out with the next file. */
  private final byte[][] late;

  private long hour;

  public MesoWestGenerator(Plan plan) {
    this.plan = plan;
    this.stations = invent(plan);
    this.late = new byte[stations.size()][];
    this.hour = plan.firstDay().startMicros();
  }

  /** The next hour's file. */
  public File nextHour() {
    return next(1);
  }

  /** The next 24 hours' file. */
  public File nextDay() {
    return next(24);
  }

  private File next(int hours) {
    long end = hour + hours * HOUR;
    var out = new ByteBuilder(plan.stations() * RECORD * 3);
    new MesoWestWriter().head(out);
    int rows = 0;
    for (int i = 0; i < stations.size(); i++) {
      rows += station(i, end, out);
    }
    byte[] name = new byte[Timestamps.BYTES_MAX];
    int length = Timestamps.writeMesoWest(name, 0, hour);
    String stem = new String(name, 0, length, StandardCharsets.US_ASCII).replace('/', '_');
    hour = end;
    return new File(stem + ".mesowest.out", out.toBytes(), rows);
  }

  private int station(int index, long end, ByteBuilder out) {
    GeneratedStation station = stations.get(index);
    byte[] held = late[index];
    int rows = 0;
    if (held != null) {
      out.append(held);
      late[index] = null;
      rows++;
    }
    long interval = station.intervalMinutes * MINUTE;
    long phase = station.phaseMinutes * MINUTE;
    long time = hour + Math.floorMod(phase - hour, interval);
    for (; time < end; time += interval) {
      byte[] to = out.reserve(RECORD);
      station.record(to, out.size(), time);
      if (late[index] == null && time + interval >= end && station.random.below(ONE_IN_LATE) == 0) {
        late[index] = Arrays.copyOfRange(to, out.size(), out.size() + RECORD);
      } else {
        out.advance(out.size() + RECORD);
        rows++;
      }
    }
    return rows;
  }

  private static List<GeneratedStation> invent(Plan plan) {
    var random = new SeededRandom(plan.seed());
    double[] shares = new double[plan.networks()];
    double sum = 0;
    for (int i = 0; i < shares.length; i++) {
      sum += Math.pow(i + 1, -SKEW);
      shares[i] = sum;
    }
    record Named(int network, String id, GeneratedStation station) {}
    List<Named> all = new ArrayList<>();
    Set<String> ids = new HashSet<>();
    for (int i = 0; i < plan.stations(); i++) {
      // Every network gets a station before chance deals out the rest.
      double at = random.uniform() * sum;
      int rank = i < shares.length ? i : 0;
      while (i >= shares.length && shares[rank] < at) {
        rank++;
      }
      NetworkProfile profile = NetworkProfile.ofRank(rank);
      String id = id(profile, random);
      while (!ids.add(id)) {
        id = id(profile, random);
      }
      int number = number(rank);
      int interval = plan.intervalMinutes() == 0 ? interval(random) : plan.intervalMinutes();
      var station =
          new GeneratedStation(id, number, profile, interval, new SeededRandom(random.next()));
      all.add(new Named(number, id, station));
    }
    all.sort(Comparator.comparingInt(Named::network).thenComparing(Named::id));
    return all.stream().map(Named::station).toList();
  }

  /** Network number of a rank: the real ones of the largest, then what is free. */
  private static int number(int rank) {
    int[] largest = {65, 106, 1, 170, 123, 2};
    return rank < largest.length ? largest[rank] : 200 + rank;
  }

  private static int interval(SeededRandom random) {
    double at = random.uniform();
    int i = 0;
    while (i < RATE_SHARES.length - 1 && RATE_SHARES[i] < at) {
      i++;
    }
    return RATE_MINUTES[i];
  }

  /** An id in the manner of its network: D6868, ZVLT2, KSLC, 13009, rarely 2 or 3 characters. */
  private static String id(NetworkProfile profile, SeededRandom random) {
    int rare = random.below(400);
    int length = rare == 0 ? 2 : rare < 5 ? 3 : profile.idLength;
    var id = new StringBuilder();
    if (rare > 380) {
      return id.append(10_000 + random.below(90_000)).toString();
    }
    boolean citizen = profile == NetworkProfile.CITIZEN && length == 5;
    boolean airport = profile == NetworkProfile.AIRPORT && length == 4;
    id.append(
        citizen
            ? "CDEF".charAt(random.below(4))
            : airport && random.below(4) > 0 ? 'K' : letter(random));
    while (id.length() < length) {
      boolean digit =
          citizen || (!airport && id.length() == 4) || length < 4 && random.below(2) == 0;
      id.append(digit ? (char) ('0' + random.below(10)) : letter(random));
    }
    return id.toString();
  }

  private static char letter(SeededRandom random) {
    return LETTERS.charAt(random.below(LETTERS.length()));
  }
}
