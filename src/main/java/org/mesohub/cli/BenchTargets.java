package org.mesohub.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import org.mesohub.observation.Day;
import org.mesohub.proto.v1.DaysRequest;
import org.mesohub.proto.v1.DaysResponse;
import org.mesohub.proto.v1.LatestRequest;
import org.mesohub.proto.v1.ObservationServiceGrpcClient;
import org.mesohub.proto.v1.QueryRequest;
import org.mesohub.proto.v1.Selection;
import org.mesohub.proto.v1.StationsRequest;
import org.mesohub.proto.v1.StationsResponse;

/**
 * What there is to ask for, and requests for it.
 *
 * @param days start of each day with rows, microseconds
 * @param stations {@code network/id}
 */
record BenchTargets(List<Long> days, List<String> stations, List<String> networks) {
  /** Enough that no cache holds all of their answers; more only costs time at the start. */
  private static final int STATIONS_MAX = 20_000;

  private static final long MICROS_PER_HOUR = 3_600_000_000L;
  private static final int HOURS_PER_DAY = 24;
  private static final int RANGE_DAYS = 3;

  static BenchTargets of(NodeClient client) {
    var days = new ArrayList<Long>();
    try (var answer =
        AnswerReader.open(
            client, ObservationServiceGrpcClient.Days, DaysRequest.getDefaultInstance())) {
      for (DaysResponse some = answer.next(); some != null; some = answer.next()) {
        some.getDaysList()
            .forEach(
                day -> days.add(java.time.LocalDate.parse(day.getDay()).toEpochDay() * Day.MICROS));
      }
    }
    var stations = new ArrayList<String>();
    var networks = new TreeSet<String>();
    try (var answer =
        AnswerReader.open(
            client, ObservationServiceGrpcClient.Stations, StationsRequest.getDefaultInstance())) {
      for (StationsResponse some = answer.next();
          some != null && stations.size() < STATIONS_MAX;
          some = answer.next()) {
        some.getStationsList()
            .forEach(
                info -> {
                  networks.add(info.getStation().getNetwork());
                  stations.add(info.getStation().getNetwork() + "/" + info.getStation().getId());
                });
      }
    }
    return new BenchTargets(days, stations, List.copyOf(networks));
  }

  boolean isEmpty() {
    return days.isEmpty() || stations.isEmpty();
  }

  QueryRequest query(BenchMix.Op op, Random random) {
    long day = any(days, random);
    var selection = Selection.newBuilder();
    switch (op) {
      case station ->
          selection.addStations(any(stations, random)).setFromUs(day).setToUs(day + Day.MICROS);
      case hour -> {
        long from = day + random.nextInt(HOURS_PER_DAY) * MICROS_PER_HOUR;
        selection.setFromUs(from).setToUs(from + MICROS_PER_HOUR);
      }
      default ->
          selection
              .addNetworks(any(networks, random))
              .setFromUs(day)
              .setToUs(day + RANGE_DAYS * Day.MICROS);
    }
    return QueryRequest.newBuilder().setSelection(selection).build();
  }

  LatestRequest latest(Random random) {
    return LatestRequest.newBuilder()
        .setSelection(Selection.newBuilder().addStations(any(stations, random)))
        .build();
  }

  private static <T> T any(List<T> list, Random random) {
    return list.get(random.nextInt(list.size()));
  }
}
