package org.mesohub.cli;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.mesohub.config.HostPort;
import org.mesohub.proto.v1.ObservationServiceGrpcClient;
import org.mesohub.proto.v1.QueryRequest;
import org.mesohub.proto.v1.Selection;
import org.mesohub.query.AnswerBatch;

/** The same reads at the cluster that holds the rows and at one that forwards them. */
final class FederationBench {
  private static final int SMALL = 300;

  private FederationBench() {}

  public static void main(String[] args) {
    int rounds = Integer.getInteger("bench.rounds");
    try (NodeClient there = client(Integer.getInteger("bench.there"));
        NodeClient here = client(Integer.getInteger("bench.here"))) {
      List<double[]> whole = List.of(new double[rounds], new double[rounds]);
      List<double[]> small = List.of(new double[rounds], new double[rounds]);
      List<NodeClient> clients = List.of(there, here);
      String station = station(there);
      long rows = 0;
      for (int round = -1; round < rounds; round++) {
        for (int side = 0; side < 2; side++) {
          long began = System.nanoTime();
          rows = rows(clients.get(side), QueryRequest.getDefaultInstance());
          double ms = (System.nanoTime() - began) / 1e6;
          double p50 = small(clients.get(side), station);
          if (round >= 0) {
            whole.get(side)[round] = ms;
            small.get(side)[round] = p50;
          }
        }
      }
      say("| what | at the cluster that holds it | forwarded | |");
      say("|---|---|---|---|");
      double a = median(whole.get(0));
      double b = median(whole.get(1));
      say("| full range, %,d rows, ms | %.0f | %.0f | %.0f %% of the rate |", rows, a, b, 100 * a / b);
      double c = median(small.get(0));
      double d = median(small.get(1));
      say("| one station, p50 of %d, ms | %.2f | %.2f | %.2f ms more |", SMALL, c, d, d - c);
    }
    System.exit(0);
  }

  private static NodeClient client(int port) {
    return new NodeClient(new HostPort("127.0.0.1", port), null, Duration.ofMinutes(1));
  }

  private static String station(NodeClient node) {
    var one = QueryRequest.newBuilder().setLimit(1).build();
    try (RowsAnswer answer = RowsAnswer.open(node, ObservationServiceGrpcClient.Query, one)) {
      AnswerBatch batch = answer.next();
      return batch.rows().stationAt(0).network() + "/" + batch.rows().stationAt(0).station();
    }
  }

  private static long rows(NodeClient node, QueryRequest query) {
    long rows = 0;
    try (RowsAnswer answer = RowsAnswer.open(node, ObservationServiceGrpcClient.Query, query)) {
      for (AnswerBatch batch = answer.next(); batch != null; batch = answer.next()) {
        rows += batch.rows().rows();
      }
    }
    return rows;
  }

  private static double small(NodeClient node, String station) {
    var query =
        QueryRequest.newBuilder().setSelection(Selection.newBuilder().addStations(station)).build();
    var ms = new ArrayList<Double>();
    for (int i = 0; i < SMALL; i++) {
      long began = System.nanoTime();
      if (rows(node, query) == 0) {
        throw new IllegalStateException("no rows of " + station);
      }
      ms.add((System.nanoTime() - began) / 1e6);
    }
    return median(ms.stream().mapToDouble(Double::doubleValue).toArray());
  }

  private static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }

  private static void say(String form, Object... values) {
    System.out.println(String.format(Locale.ROOT, form, values));
  }
}
