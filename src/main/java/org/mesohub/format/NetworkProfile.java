package org.mesohub.format;

/**
 * Kinds of networks as they occur in a MesoWest snapshot: which columns their stations report, how
 * finely their sensors resolve, and what their ids look like. Figures approximate a snapshot of
 * 2018-03-16.
 */
enum NetworkProfile {
  /** Citizens' stations: whole degrees Fahrenheit, whole miles an hour, whole percent. */
  CITIZEN(0, 1, 0.868976, 1, 5, new double[] {.99, .99, .94, .95, 0, .98, .98, .02, .95}),
  /** River and flood gauges: mostly no weather at all. */
  GAUGE(0, 1, .01, 1, 5, new double[] {.20, .10, .09, .06, 0, .01, .06, 0, .01}),
  /** Airports: Celsius steps, whole knots, tens of degrees. */
  AIRPORT(32, .36, 1, 10, 4, new double[] {1, .99, .99, .25, .05, 1, .99, .6, 0}),
  /** Agencies with data loggers: fine steps. */
  LOGGER(0, .01, .01, .1, 5, new double[] {.80, .55, .55, .45, 0, .20, .45, 0, .05}),
  /** Fire weather stations, once an hour. */
  FIRE(0, 1, .868976, 1, 5, new double[] {1, 1, .95, 1, 0, .01, 1, 0, 0}),
  /** Road weather: tenths of Celsius, tenths of m/s. */
  ROAD(32, .18, .194384, 1, 5, new double[] {.95, .75, .72, .6, 0, .1, .65, .02, 0});

  private static final NetworkProfile[] BY_RANK = {CITIZEN, GAUGE, AIRPORT, LOGGER, ROAD, FIRE};

  /** Temperatures are {@code temperatureOrigin + n * temperatureStep} degrees Fahrenheit. */
  final double temperatureOrigin;

  final double temperatureStep;

  /** Knots. */
  final double windStep;

  /** Degrees. */
  final double directionStep;

  /** Usual length of an id. */
  final int idLength;

  /** Share of stations with TMPF, SKNT, DRCT, GUST, PMSL, ALTI, moisture, WTHR, P24I. */
  final double[] reports;

  NetworkProfile(
      double temperatureOrigin,
      double temperatureStep,
      double windStep,
      double directionStep,
      int idLength,
      double[] reports) {
    this.temperatureOrigin = temperatureOrigin;
    this.temperatureStep = temperatureStep;
    this.windStep = windStep;
    this.directionStep = directionStep;
    this.idLength = idLength;
    this.reports = reports;
  }

  /** The profile of the network of a rank by size, 0 for the largest. */
  static NetworkProfile ofRank(int rank) {
    return rank < BY_RANK.length ? BY_RANK[rank] : BY_RANK[2 + rank * 7 % (BY_RANK.length - 2)];
  }
}
