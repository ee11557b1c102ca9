package org.mesohub.grpc;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.mesohub.api.Right;

/**
 * A call of a public service that only the leader can answer; all other calls are answered where
 * they land.
 *
 * @param right what the caller needs
 * @param changes whether it may change what is stored, so that its loss leaves the outcome open
 */
record LeaderCall(Right right, boolean changes) {
  /** By HTTP path. */
  static final Map<String, LeaderCall> ALL =
      Map.ofEntries(
          observation("Put", Right.PUT, true),
          observation("Delete", Right.DELETE, true),
          observation("Query", Right.READ, false),
          observation("Latest", Right.READ, false),
          observation("Stations", Right.READ, false),
          observation("Days", Right.READ, false),
          observation("Rejects", Right.READ, false),
          observation("Compact", Right.ADMIN, true),
          Map.entry("/mesohub.v1.BackupService/Backup", new LeaderCall(Right.ADMIN, false)),
          Map.entry("/mesohub.v1.BackupService/Restore", new LeaderCall(Right.ADMIN, true)),
          Map.entry(
              "/mesohub.v1.ClusterService/TransferLeadership", new LeaderCall(Right.ADMIN, true)),
          contract("putHandler", Right.PUT, true),
          contract("getHandler", Right.READ, false),
          contract("getUniqueDateIds", Right.READ, false));

  private static Map.Entry<String, LeaderCall> observation(
      String method, Right right, boolean changes) {
    return Map.entry("/mesohub.v1.ObservationService/" + method, new LeaderCall(right, changes));
  }

  private static Map.Entry<String, LeaderCall> contract(
      String method, Right right, boolean changes) {
    return Map.entry("/grpcComm.CommunicationService/" + method, new LeaderCall(right, changes));
  }

  /** The call at a path; null when it is answered where it lands. */
  static @Nullable LeaderCall at(@Nullable String path) {
    return path == null ? null : ALL.get(path);
  }
}
