package org.mesohub.cli;

import org.mesohub.proto.v1.ObservationServiceGrpcClient;
import org.mesohub.proto.v1.Reject;
import org.mesohub.proto.v1.RejectsRequest;
import org.mesohub.proto.v1.RejectsResponse;

/** Rejected rows as CSV. */
final class RejectsListing {
  private RejectsListing() {}

  /**
   * @param putId empty for all puts
   * @param limit 0 for the node's default
   */
  static void print(NodeClient client, Console console, String putId, long limit) {
    RejectsResponse rejects =
        client.call(
            ObservationServiceGrpcClient.Rejects,
            RejectsRequest.newBuilder()
                .setPutId(putId)
                .setLimit((int) Math.min(limit, Integer.MAX_VALUE))
                .build());
    var out = new Csv("put", "time", "source", "line", "reason", "text");
    for (Reject r : rejects.getRejectsList()) {
      out.row(
          r.getPutId(),
          Csv.time(r.getTimeUs()),
          r.getSource(),
          Long.toString(r.getLine()),
          r.getReason(),
          r.getText());
    }
    console.print(out.toString());
  }
}
