package org.mesohub.grpc;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.mesohub.api.Right;
import org.mesohub.proto.v1.DaysRequest;
import org.mesohub.proto.v1.LatestRequest;
import org.mesohub.proto.v1.QueryRequest;
import org.mesohub.proto.v1.StationsRequest;

/**
 * A call of a public service that only the leader can answer; all other calls are answered where
 * they land.
 *
 * @param right what the caller needs
 * @param changes whether it may change what is stored, so that its loss leaves the outcome open
 * @param stalenessField number of the request's field that says how stale the answer may be, so
 *     that another node can answer after all; 0 for none
 */
record LeaderCall(Right right, boolean changes, int stalenessField) {
  private static final String CONTRACT = "/grpcComm.CommunicationService/";

  /** By HTTP path. */
  static final Map<String, LeaderCall> ALL =
      Map.ofEntries(
          observation("Put", Right.PUT, true),
          observation("Delete", Right.DELETE, true),
          read("Query", QueryRequest.MAX_STALENESS_MS_FIELD_NUMBER),
          read("Latest", LatestRequest.MAX_STALENESS_MS_FIELD_NUMBER),
          read("Stations", StationsRequest.MAX_STALENESS_MS_FIELD_NUMBER),
          read("Days", DaysRequest.MAX_STALENESS_MS_FIELD_NUMBER),
          observation("Rejects", Right.READ, false),
          observation("Compact", Right.ADMIN, true),
          Map.entry("/mesohub.v1.BackupService/Backup", new LeaderCall(Right.ADMIN, false, 0)),
          Map.entry("/mesohub.v1.BackupService/Restore", new LeaderCall(Right.ADMIN, true, 0)),
          Map.entry("/mesohub.v1.FederationService/Digests", new LeaderCall(Right.PEER, false, 0)),
          Map.entry("/mesohub.v1.FederationService/Query", new LeaderCall(Right.PEER, false, 0)),
          cluster("TransferLeadership"),
          cluster("AddNode"),
          cluster("RemoveNode"),
          contract("putHandler", Right.PUT, true),
          contract("getHandler", Right.READ, false),
          contract("getUniqueDateIds", Right.READ, false));

  private static Map.Entry<String, LeaderCall> observation(
      String method, Right right, boolean changes) {
    return Map.entry("/mesohub.v1.ObservationService/" + method, new LeaderCall(right, changes, 0));
  }

  private static Map.Entry<String, LeaderCall> read(String method, int stalenessField) {
    return Map.entry(
        "/mesohub.v1.ObservationService/" + method,
        new LeaderCall(Right.READ, false, stalenessField));
  }

  private static Map.Entry<String, LeaderCall> cluster(String method) {
    return Map.entry("/mesohub.v1.ClusterService/" + method, new LeaderCall(Right.ADMIN, true, 0));
  }

  private static Map.Entry<String, LeaderCall> contract(
      String method, Right right, boolean changes) {
    return Map.entry(CONTRACT + method, new LeaderCall(right, changes, 0));
  }

  /** The call at a path; null when it is answered where it lands. */
  static @Nullable LeaderCall at(@Nullable String path) {
    return path == null ? null : ALL.get(path);
  }
}
