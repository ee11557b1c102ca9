package org.mesohub.cli;

import java.util.EnumMap;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;

/** Which operations a load test does, and how often each. */
final class BenchMix {
  /** Operations; names as typed. */
  enum Op {
    /** One put of a batch of rows. */
    put,
    /** One station, one day. */
    station,
    /** All stations, one hour. */
    hour,
    /** One network, several days. */
    range,
    /** The latest row of one station. */
    latest
  }

  private static final int WEIGHT_MAX = 1_000_000;

  private final Map<Op, Integer> weights;
  private final int total;

  private BenchMix(Map<Op, Integer> weights) {
    this.weights = weights;
    this.total = weights.values().stream().mapToInt(w -> w).sum();
  }

  /**
   * Parses {@code put=10,get=90}; get stands for station, hour and range in proportions 8 : 1 : 1.
   */
  static BenchMix parse(String text) {
    var weights = new EnumMap<Op, Integer>(Op.class);
    for (String part : text.split(",")) {
      String[] pair = part.strip().split("=", -1);
      if (pair.length != 2 || !pair[1].matches("[0-9]{1,6}")) {
        throw wrong(text);
      }
      // Times ten, so that the shares of get are whole.
      int weight = Integer.parseInt(pair[1]) * 10;
      if (pair[0].equals("get")) {
        weights.merge(Op.station, weight / 10 * 8, Integer::sum);
        weights.merge(Op.hour, weight / 10, Integer::sum);
        weights.merge(Op.range, weight / 10, Integer::sum);
      } else {
        weights.merge(op(pair[0], text), weight, Integer::sum);
      }
    }
    weights.values().removeIf(w -> w == 0);
    var mix = new BenchMix(weights);
    if (mix.total == 0 || mix.total > 10 * WEIGHT_MAX) {
      throw wrong(text);
    }
    return mix;
  }

  private static Op op(String name, String text) {
    try {
      return Op.valueOf(name);
    } catch (IllegalArgumentException e) {
      throw wrong(text);
    }
  }

  private static CliException wrong(String text) {
    return CliException.usage(
        "--mix '"
            + text
            + "': expected weights of put, get, station, hour, range or latest, such as put=10,get=90");
  }

  boolean has(Op op) {
    return weights.containsKey(op);
  }

  boolean reads() {
    return weights.keySet().stream().anyMatch(op -> op != Op.put);
  }

  Op pick(Random random) {
    int ticket = random.nextInt(total);
    for (var entry : weights.entrySet()) {
      ticket -= entry.getValue();
      if (ticket < 0) {
        return entry.getKey();
      }
    }
    throw new IllegalStateException("weights " + weights + " do not sum up to " + total);
  }

  @Override
  public String toString() {
    return weights.entrySet().stream()
        .map(e -> e.getKey() + " " + Math.round(100.0 * e.getValue() / total) + "%")
        .collect(Collectors.joining(", "));
  }
}
