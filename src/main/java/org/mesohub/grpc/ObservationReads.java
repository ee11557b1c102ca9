package org.mesohub.grpc;

import static org.mesohub.grpc.Invalid.invalid;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.mesohub.api.AnswerStream;
import org.mesohub.api.NodeApi;
import org.mesohub.api.Reach;
import org.mesohub.catalog.DayEntry;
import org.mesohub.observation.Day;
import org.mesohub.observation.TimeRange;
import org.mesohub.proto.v1.DayInfo;
import org.mesohub.proto.v1.DaysRequest;
import org.mesohub.proto.v1.DaysResponse;
import org.mesohub.proto.v1.LatestRequest;
import org.mesohub.proto.v1.QueryRequest;
import org.mesohub.proto.v1.Scope;
import org.mesohub.proto.v1.StationsRequest;
import org.mesohub.proto.v1.StationsResponse;
import org.mesohub.query.Selection;

/** The streams that {@code mesohub.v1} answers with. */
final class ObservationReads {
  /** Trailer that names the commit read. */
  static final String COMMIT_TRAILER = "mesohub-commit";

  /** Most stations of one message. */
  static final int STATIONS_MAX = 1_000;

  /** Length of a message from which no further day is added, in bytes. */
  static final int DAYS_BYTES = 1 << 20;

  private final NodeApi node;

  ObservationReads(NodeApi node) {
    this.node = node;
  }

  /** The node for a read that may be so stale, and may ask others. */
  private NodeApi reading(Call call, long maxStalenessMillis, Scope scope) {
    long timeout = call.request().timeout();
    return reading(maxStalenessMillis)
        .reaching(
            new Reach(
                switch (scope) {
                  case SCOPE_UNSPECIFIED, SCOPE_AUTO -> org.mesohub.routing.Scope.AUTO;
                  case SCOPE_LOCAL -> org.mesohub.routing.Scope.LOCAL;
                  case SCOPE_ALL -> org.mesohub.routing.Scope.ALL;
                  case UNRECOGNIZED ->
                      throw invalid("scope: one of SCOPE_LOCAL, SCOPE_AUTO and SCOPE_ALL");
                },
                Call.deadlineNanos(timeout)));
  }

  /** The node for a read that may be so stale. */
  private NodeApi reading(long maxStalenessMillis) {
    if (maxStalenessMillis < 0) {
      throw invalid("max_staleness_ms: must not be negative, 0 for everything that is stored");
    }
    return maxStalenessMillis == 0 ? node : node.allowing(Duration.ofMillis(maxStalenessMillis));
  }

  void query(Call call, QueryRequest request) {
    var query = Requests.query(request);
    NodeApi node = reading(call, request.getMaxStalenessMs(), request.getScope());
    if (request.getCountOnly()) {
      node.count(query.selection(), query.asOfCommit())
          .onComplete(counted -> counted(call, counted), call::fail);
      return;
    }
    answer(call, node.query(query));
  }

  void latest(Call call, LatestRequest request) {
    answer(
        call,
        reading(call, request.getMaxStalenessMs(), request.getScope())
            .latest(
                Requests.selection(request.getSelection()),
                Requests.variables(request.getVariablesList()),
                Requests.units(request.getUnits())));
  }

  private static void counted(Call call, NodeApi.Counted counted) {
    if (!call.isDone()) {
      call.trailers().set(COMMIT_TRAILER, Long.toString(counted.commit()));
      call.write(Replies.count(counted));
      if (!counted.peers().isEmpty()) {
        call.write(Replies.end(counted));
      }
      call.end();
    }
  }

  private void answer(Call call, Future<AnswerStream> opening) {
    opening.onComplete(answer -> answer(call, answer), call::fail);
  }

  private void answer(Call call, AnswerStream answer) {
    call.cleanup(answer::close);
    if (call.isDone()) {
      return;
    }
    call.trailers().set(COMMIT_TRAILER, Long.toString(answer.header().commit()));
    call.write(Replies.header(answer.header()));
    Outbound.pump(
        call,
        answer,
        batch -> List.of(Buffer.buffer(BatchCodec.queryResponse(batch))),
        () -> Replies.end(answer));
  }

  void stations(Call call, StationsRequest request) {
    var selection =
        new Selection(
            TimeRange.ALL,
            Requests.stations(request.getStationsList()),
            Set.copyOf(request.getNetworksList()),
            request.hasBbox() ? Requests.box(request.getBbox()) : null,
            List.of());
    reading(request.getMaxStalenessMs())
        .stations(selection)
        .onComplete(stations -> write(call, stations), call::fail);
  }

  private static void write(Call call, List<NodeApi.StationInfo> stations) {
    Iterator<NodeApi.StationInfo> left = stations.iterator();
    Outbound.pump(
        call,
        () -> {
          var response = StationsResponse.newBuilder();
          while (left.hasNext() && response.getStationsCount() < STATIONS_MAX) {
            response.addStations(Replies.station(left.next()));
          }
          return response.getStationsCount() == 0
              ? null
              : Buffer.buffer(response.build().toByteArray());
        });
  }

  void days(Call call, DaysRequest request) {
    reading(request.getMaxStalenessMs())
        .days(Requests.range(request.getFromUs(), request.getToUs()))
        .onComplete(days -> writeDays(call, days), call::fail);
  }

  private static void writeDays(Call call, List<Map.Entry<Day, DayEntry>> days) {
    var left = days.iterator();
    Outbound.pump(
        call,
        () -> {
          if (!left.hasNext()) {
            return null;
          }
          var response = DaysResponse.newBuilder();
          int bytes = 0;
          while (left.hasNext() && bytes < DAYS_BYTES) {
            DayInfo day = Replies.day(left.next());
            bytes += day.getSerializedSize();
            response.addDays(day);
          }
          return Buffer.buffer(response.build().toByteArray());
        });
  }
}
