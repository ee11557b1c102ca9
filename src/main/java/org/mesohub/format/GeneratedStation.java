package org.mesohub.format;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.mesohub.observation.Day;
import org.mesohub.observation.Timestamps;

/**
 * One invented station: its place and sensors, and its weather as it goes on. Temperature follows
 * the sun and wanders, moisture fits temperature, wind and direction wander, the altimeter follows
 * slow waves of pressure.
 */
final class GeneratedStation {
  /** Characters of a record without its line end. */
  static final int RECORD = 149;

  private static final long MINUTE = 60_000_000L;
  private static final int DATE_AT = 9;
  private static final int FIELDS_AT = 23;
  private static final int[] WEATHER = {1, 13, 20, 31, 2500, 1841};

  /** RA PL BR and its like, which touch the field before. */
  private static final int[] WIDE_WEATHER = {200_241, 200_281};

  private static final int ONE_IN_SENTINELS = 60_000;
  private static final double DROPOUT = .02;

  /** Share of reports that repeat the values of the one before. */
  private static final double STALE = .13;

  final NetworkProfile profile;
  final SeededRandom random;
  final int intervalMinutes;
  final int phaseMinutes;
  private final byte[] template = new byte[RECORD + 1];
  private final byte[] last = new byte[RECORD + 1];
  private final boolean[] has = new boolean[9];
  private final double longitude;
  private final double meanF;
  private final double swingF;
  private final double meanWind;
  private final double pressurePhase;
  private double anomalyF;
  private double depressionF;
  private double windAnomaly;
  private double direction;
  private long rain;

  GeneratedStation(
      String id, int network, NetworkProfile profile, int intervalMinutes, SeededRandom random) {
    this.profile = profile;
    this.random = random;
    this.intervalMinutes = intervalMinutes;
    this.phaseMinutes = random.uniform() < .45 ? 0 : random.below(intervalMinutes);
    double latitude = 25 + 24 * random.uniform() + (random.uniform() < .05 ? 15 : 0);
    longitude = -125 + 55 * random.uniform();
    double elevation = Math.pow(random.uniform(), 3) * 3000;
    for (int i = 0; i < has.length; i++) {
      has[i] = random.uniform() < profile.reports[i];
    }
    meanF = 86 - 1.1 * (latitude - 25) - elevation * .0117 + 4 * random.gaussian();
    swingF = 6 + 8 * random.uniform();
    meanWind = 2 + 8 * random.uniform();
    pressurePhase = longitude / 20 + latitude / 30;
    anomalyF = 5 * random.gaussian();
    depressionF = 6 + 22 * random.uniform();
    direction = 360 * random.uniform();
    rain = random.uniform() < .73 ? 0 : (long) Math.pow(random.uniform() * 5, 3);
    template(id, network, latitude, elevation);
  }

  private void template(String id, int network, double latitude, double elevation) {
    Arrays.fill(template, (byte) ' ');
    byte[] name = id.getBytes(StandardCharsets.US_ASCII);
    System.arraycopy(name, 0, template, 7 - name.length, name.length);
    field(template, 0, 0, network * 100L);
    field(template, 0, 1, Math.round(latitude * 100));
    field(template, 0, 2, Math.round(longitude * 100));
    field(template, 0, 3, Math.round(elevation) * 100);
    for (int i = 4; i < 14; i++) {
      field(template, 0, i, -999_900);
    }
    template[RECORD] = '\n';
  }

  /**
   * Lets the weather go on to an instant and writes the record, with its line end, at a position.
   */
  void record(byte[] out, int pos, long micros) {
    weather(micros);
    if (last[0] == 0 || random.uniform() >= STALE) {
      System.arraycopy(template, 0, last, 0, template.length);
      observe(last, 0, micros);
    }
    System.arraycopy(last, 0, out, pos, last.length);
    Timestamps.writeMesoWest(out, pos + DATE_AT, micros);
  }

  private void observe(byte[] out, int pos, long micros) {
    double f = temperature(micros);
    if (has[0] && present()) {
      field(
          out,
          pos,
          4,
          sentinel() ? -32_768 : step(f, profile.temperatureOrigin, profile.temperatureStep));
    }
    wind(out, pos);
    if (has[4]) {
      field(out, pos, 8, step(altimeter(micros) * 33.8639, 0, .1));
    }
    if (has[5] && present()) {
      field(out, pos, 9, Math.round(altimeter(micros) * 100));
    }
    if (has[6] && present()) {
      moisture(out, pos, f);
    }
    if (has[7] && depressionF < 14) {
      boolean wide = f < 35 && random.below(8) == 0;
      int code =
          wide
              ? WIDE_WEATHER[random.below(2)]
              : WEATHER[Math.floorMod((int) (f / 7), WEATHER.length)];
      field(out, pos, 12, code * 100L);
    }
    if (has[8]) {
      field(out, pos, 13, rain);
    }
  }

  private void weather(long micros) {
    double hours = intervalMinutes / 60.0;
    double root = Math.sqrt(hours);
    anomalyF += .7 * root * random.gaussian() - anomalyF * hours / 30;
    depressionF =
        Math.max(.3, depressionF + .8 * root * random.gaussian() - (depressionF - 15) * hours / 40);
    windAnomaly += 3 * root * random.gaussian() - windAnomaly * Math.min(1, hours / 3);
    direction += 25 * root * random.gaussian();
    if (random.below(60) == 0) {
      rain =
          Math.floorMod(micros, Day.MICROS) < 3600 * 1_000_000L
              ? 0
              : rain + (rain > 0 ? random.below(4) : 0);
    }
  }

  private double temperature(long micros) {
    double solarHours = Math.floorMod(micros, Day.MICROS) / (MINUTE * 60.0) + longitude / 15;
    return meanF + anomalyF + swingF * Math.cos((solarHours - 15) * Math.PI / 12);
  }

  /** Inches of mercury. */
  private double altimeter(long micros) {
    double days = micros / (double) Day.MICROS;
    return 29.9 + .28 * Math.sin(days * 2.1 + pressurePhase) + (meanWind - 6) * .01;
  }

  private void wind(byte[] out, int pos) {
    double now = Math.max(0, meanWind + windAnomaly + .9 * random.gaussian() - 1.5);
    if (has[1] && present()) {
      long speed = step(now, 0, profile.windStep);
      field(out, pos, 5, speed);
      if (has[2] && (speed > 0 || random.below(3) == 0)) {
        double degrees = direction + 12 * random.gaussian();
        field(
            out, pos, 6, step(degrees - 360 * Math.floor(degrees / 360), 0, profile.directionStep));
      }
    }
    if (has[3] && present()) {
      double gust = now + 2 + .35 * meanWind + Math.abs(random.gaussian());
      field(out, pos, 7, sentinel() ? 65_535 : step(gust, 0, Math.max(profile.windStep, .01)));
    }
  }

  /**
   * Dew point from the depression, humidity from both (Magnus), or the other way for sensors in
   * whole percent.
   */
  private void moisture(byte[] out, int pos, double f) {
    double celsius = (f - 32) / 1.8;
    double dewCelsius = celsius - depressionF / 1.8;
    double humidity = Math.min(100, 100 * Math.exp(magnus(dewCelsius) - magnus(celsius)));
    if (profile == NetworkProfile.AIRPORT || profile == NetworkProfile.LOGGER) {
      field(
          out,
          pos,
          10,
          step(dewCelsius * 1.8 + 32, profile.temperatureOrigin, profile.temperatureStep));
      field(out, pos, 11, Math.round(humidity * 100));
    } else {
      double percent = Math.max(1, Math.rint(humidity));
      double gamma = Math.log(percent / 100) + magnus(celsiusOfStep(f));
      field(out, pos, 11, (long) percent * 100);
      field(out, pos, 10, Math.round((243.04 * gamma / (17.625 - gamma) * 1.8 + 32) * 100));
    }
  }

  private double celsiusOfStep(double f) {
    return (step(f, profile.temperatureOrigin, profile.temperatureStep) / 100.0 - 32) / 1.8;
  }

  /**
   * Exponent of the Magnus formula for the saturation vapour pressure over water (Alduchov and
   * Eskridge 1996).
   */
  private static double magnus(double celsius) {
    return 17.625 * celsius / (243.04 + celsius);
  }

  private boolean present() {
    return random.uniform() >= DROPOUT;
  }

  private boolean sentinel() {
    return random.below(ONE_IN_SENTINELS) == 0;
  }

  /** Hundredths of the nearest step. */
  private static long step(double value, double origin, double step) {
    return Math.round((origin + Math.rint((value - origin) / step) * step) * 100);
  }

  private static void field(byte[] out, int pos, int field, long hundredths) {
    FixedWidth.hundredths(out, pos + FIELDS_AT + field * FixedWidth.FIELD, hundredths);
  }
}
