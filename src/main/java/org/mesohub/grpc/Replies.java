package org.mesohub.grpc;

import java.util.List;
import java.util.Map;
import org.mesohub.api.AnswerStream;
import org.mesohub.api.NodeApi;
import org.mesohub.api.PutOutcome;
import org.mesohub.catalog.DayEntry;
import org.mesohub.observation.Day;
import org.mesohub.proto.v1.CompactResponse;
import org.mesohub.proto.v1.DayInfo;
import org.mesohub.proto.v1.DeleteResponse;
import org.mesohub.proto.v1.PutResponse;
import org.mesohub.proto.v1.QueryEnd;
import org.mesohub.proto.v1.QueryHeader;
import org.mesohub.proto.v1.QueryResponse;
import org.mesohub.proto.v1.Reject;
import org.mesohub.proto.v1.RejectsResponse;
import org.mesohub.proto.v1.ScrubResponse;
import org.mesohub.proto.v1.Source;
import org.mesohub.proto.v1.Station;
import org.mesohub.proto.v1.StationInfo;
import org.mesohub.proto.v1.StatusResponse;
import org.mesohub.query.AnswerHeader;
import org.mesohub.query.AnswerSources;
import org.mesohub.store.RejectStore.Rejected;

/** Answers of the domain as {@code mesohub.v1} says them. */
final class Replies {
  private Replies() {}

  static PutResponse put(PutOutcome outcome) {
    return PutResponse.newBuilder()
        .setStored(outcome.stored())
        .setUnchanged(outcome.unchanged())
        .setCorrected(outcome.corrected())
        .setRejected(outcome.rejected())
        .setFuture(outcome.future())
        .setCommit(outcome.commit())
        .setPutId(outcome.putId())
        .addAllFirstRejects(outcome.firstRejects().stream().map(Replies::reject).toList())
        .setFormat(outcome.format())
        .setReplayed(outcome.replayed())
        .setStations(outcome.stations())
        .setDays(outcome.days())
        .build();
  }

  private static Reject reject(Rejected rejected) {
    return Reject.newBuilder()
        .setPutId(rejected.put())
        .setSource(rejected.source())
        .setLine(rejected.line())
        .setReason(rejected.reason())
        .setText(rejected.text())
        .setTimeUs(rejected.timeMicros())
        .build();
  }

  static RejectsResponse rejects(List<Rejected> rejects) {
    return RejectsResponse.newBuilder()
        .addAllRejects(rejects.stream().map(Replies::reject).toList())
        .build();
  }

  static QueryResponse header(AnswerHeader header) {
    return QueryResponse.newBuilder()
        .setHeader(
            QueryHeader.newBuilder()
                .setCommit(header.commit())
                .addAllColumns(header.columns().stream().map(Columns::named).toList()))
        .build();
  }

  /** What an answer says when all its rows have been sent. */
  static QueryResponse end(AnswerStream answer) {
    AnswerSources sources = answer.sources();
    return QueryResponse.newBuilder()
        .setEnd(
            QueryEnd.newBuilder()
                .addAllSources(
                    sources.list().stream()
                        .map(
                            source ->
                                Source.newBuilder()
                                    .setCluster(source.cluster())
                                    .setSource(source.source())
                                    .setLicence(source.licence())
                                    .build())
                        .toList())
                .setMoreSources(sources.hasMore())
                .addAllPeers(answer.peers().stream().map(FederationCodec::write).toList()))
        .build();
  }

  /** What follows a count for which other clusters were asked. */
  static QueryResponse end(NodeApi.Counted counted) {
    return QueryResponse.newBuilder()
        .setEnd(
            QueryEnd.newBuilder()
                .addAllPeers(counted.peers().stream().map(FederationCodec::write).toList()))
        .build();
  }

  static QueryResponse count(NodeApi.Counted counted) {
    return QueryResponse.newBuilder()
        .setHeader(QueryHeader.newBuilder().setCommit(counted.commit()).setCount(counted.rows()))
        .build();
  }

  static StationInfo station(NodeApi.StationInfo station) {
    return StationInfo.newBuilder()
        .setStation(
            Station.newBuilder().setNetwork(station.key().network()).setId(station.key().station()))
        .setLatitude(station.latitude())
        .setLongitude(station.longitude())
        .setElevationM(station.elevationMetres())
        .setFirstUs(station.firstMicros())
        .setLastUs(station.lastMicros())
        .setRows(station.rows())
        .setName(station.name())
        .setState(station.state())
        .setCountry(station.country())
        .setNetworkName(station.networkName())
        .setStatus(station.status())
        .setSource(station.source())
        .build();
  }

  static DayInfo day(Map.Entry<Day, DayEntry> day) {
    return DayInfo.newBuilder()
        .setDay(day.getKey().toString())
        .setRows(day.getValue().rows())
        .addAllNetworks(day.getValue().networks())
        .setVersion(day.getValue().version())
        .build();
  }

  static DeleteResponse delete(NodeApi.DeleteOutcome outcome) {
    return DeleteResponse.newBuilder()
        .setDeleted(outcome.deleted())
        .setCommit(outcome.commit())
        .build();
  }

  static ScrubResponse scrub(NodeApi.ScrubStatus scrub) {
    return ScrubResponse.newBuilder()
        .setRound(scrub.round())
        .setRunning(scrub.running())
        .setChunksStored(scrub.stored())
        .setChunks(scrub.chunks())
        .setBytes(scrub.bytes())
        .setCorrupt(scrub.corrupt())
        .setHealed(scrub.healed())
        .setFailure(scrub.failure())
        .build();
  }

  static CompactResponse compact(NodeApi.CompactOutcome outcome) {
    return CompactResponse.newBuilder()
        .setDays(outcome.days())
        .setChunksBefore(outcome.chunksBefore())
        .setChunksAfter(outcome.chunksAfter())
        .setBytesBefore(outcome.bytesBefore())
        .setBytesAfter(outcome.bytesAfter())
        .build();
  }

  static StatusResponse status(NodeApi.NodeStatus status) {
    return StatusResponse.newBuilder()
        .setCluster(status.clusterId())
        .setNode(status.nodeId())
        .setRole(status.role())
        .setTerm(status.term())
        .setLeader(status.leaderId())
        .setCommitIndex(status.commitIndex())
        .setAppliedIndex(status.appliedIndex())
        .setCommit(status.commit())
        .setHistoryFloor(status.historyFloor())
        .setDays(status.days())
        .setRows(status.rows())
        .setChunks(status.chunks())
        .setChunkBytes(status.chunkBytes())
        .setDiskBytes(status.diskBytes())
        .setVersion(status.version())
        .setUptimeS(status.uptimeSeconds())
        .addAllListening(status.listening())
        .build();
  }
}
