package org.mesohub.catalog;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnsafeByteOperations;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.mesohub.observation.Day;
import org.mesohub.proto.internal.v1.ExpiredClient;
import org.mesohub.proto.internal.v1.Snapshot;
import org.mesohub.proto.internal.v1.SnapshotDay;
import org.mesohub.proto.internal.v1.TokenRecord;
import org.mesohub.segment.ChunkId;
import org.mesohub.segment.Tombstone;
import org.pcollections.HashTreePSet;
import org.pcollections.TreePMap;
import org.pcollections.TreePVector;

/** The whole state to and from bytes. */
public final class Snapshots {
  /** Snapshot format this release writes and the only one it reads. */
  public static final int FORMAT = 1;

  /**
   * What this release may use of the catalogue; a snapshot that uses more is refused. From level 2
   * on there are a floor, station descriptions, and days know what is superseded; level 3 is used
   * while parts of a restore wait for the others; level 4 from when the catalogue names the
   * members.
   */
  public static final int FEATURE_LEVEL = 4;

  private static final int WITH_PARTS = 3;
  private static final int WITHOUT_PARTS = 2;

  private Snapshots() {}

  /** The state as bytes. */
  public static byte[] encode(CatalogueState state) {
    var snapshot =
        Snapshot.newBuilder()
            .setFormat(FORMAT)
            .setFeatureLevel(levelOf(state))
            .setCluster(state.clusterId())
            .setCommit(state.commit())
            .setTimeUs(state.timeMicros())
            .setCondemnEpoch(state.condemnEpoch())
            .setRunsEpoch(state.runsEpoch())
            .setFloor(state.floor())
            .setMembersEpoch(state.roster().epoch())
            .addAllMembers(Rosters.toProto(state.roster()));
    for (Retention.Mark mark : state.retention().marks()) {
      snapshot.addMarkCommits(mark.commit()).addMarkTimesUs(mark.timeMicros());
    }
    state.stationPages().forEach(id -> snapshot.addStationPages(ByteString.copyFrom(id.hash())));
    Map<RunRef, Integer> positions = new HashMap<>();
    for (Map.Entry<Day, DayEntry> e : state.days().entrySet()) {
      DayEntry entry = e.getValue();
      var day =
          SnapshotDay.newBuilder()
              .setEpochDay(e.getKey().epochDay())
              .setVersion(entry.version())
              .setRows(entry.rows())
              .addAllNetworks(entry.networks())
              .setSupersededFirst(entry.superseded().first())
              .setSupersededLast(entry.superseded().last());
      for (RunRef run : entry.runs()) {
        day.addRuns(
            positions.computeIfAbsent(
                run,
                r -> {
                  snapshot.addRuns(RunBodies.toProto(r));
                  return positions.size();
                }));
      }
      snapshot.addDays(day);
    }
    state.tombstones().forEach(t -> snapshot.addTombstones(Tombstones.toProto(t)));
    state.tokens().expire(state.timeMicros()).oldestFirst().forEach(snapshot::addTokens);
    state.condemned().forEach(id -> snapshot.addCondemned(ByteString.copyFrom(id.hash())));
    if (!state.restore().isNone()) {
      snapshot
          .setRestoreId(ByteString.copyFrom(state.restore().id().hash()))
          .setRestoreCount(state.restore().count())
          .addAllRestoreParts(state.restore().parts());
    }
    return snapshot.build().toByteArray();
  }

  private static int levelOf(CatalogueState state) {
    if (!state.roster().isNone()) {
      return FEATURE_LEVEL;
    }
    return state.restore().isNone() ? WITHOUT_PARTS : WITH_PARTS;
  }

  /** The state in some bytes; fails with a clear text when they are of an unknown format. */
  public static CatalogueState decode(byte[] bytes) {
    return decode(UnsafeByteOperations.unsafeWrap(bytes));
  }

  static CatalogueState decode(ByteString bytes) {
    Snapshot snapshot;
    try {
      snapshot = Snapshot.parseFrom(bytes);
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException("the catalogue snapshot is damaged", e);
    }
    if (snapshot.getFormat() != FORMAT || snapshot.getFeatureLevel() > FEATURE_LEVEL) {
      throw new IllegalStateException(
          "catalogue snapshot of format "
              + snapshot.getFormat()
              + ", feature level "
              + snapshot.getFeatureLevel()
              + ": this release knows format "
              + FORMAT
              + ", level "
              + FEATURE_LEVEL
              + "; start the release that wrote it, or a newer one");
    }
    List<RunRef> runs = snapshot.getRunsList().stream().map(RunBodies::fromProto).toList();
    TreePMap<Day, DayEntry> days = TreePMap.empty();
    for (SnapshotDay day : snapshot.getDaysList()) {
      days =
          days.plus(
              new Day(day.getEpochDay()),
              new DayEntry(
                  day.getVersion(),
                  TreePVector.from(day.getRunsList().stream().map(runs::get).toList()),
                  day.getRows(),
                  new TreeSet<>(day.getNetworksList()),
                  superseded(snapshot, day)));
    }
    List<Tombstone> tombstones = new ArrayList<>();
    snapshot
        .getTombstonesList()
        .forEach(t -> tombstones.add(Tombstones.fromProto(t, t.getCommit())));
    TokenWindow tokens = TokenWindow.EMPTY.expire(snapshot.getTimeUs());
    for (TokenRecord record : snapshot.getTokensList()) {
      tokens = tokens.plus(record);
    }
    for (ExpiredClient expired : snapshot.getExpiredList()) {
      tokens = tokens.withExpired(expired.getClient(), expired.getUpTo(), snapshot.getTimeUs());
    }
    return new CatalogueState(
        snapshot.getCluster(),
        snapshot.getCommit(),
        snapshot.getTimeUs(),
        days,
        TreePVector.from(tombstones),
        tokens,
        HashTreePSet.from(ids(snapshot.getCondemnedList())),
        snapshot.getCondemnEpoch(),
        snapshot.getRunsEpoch(),
        retention(snapshot),
        ids(snapshot.getStationPagesList()),
        restore(snapshot),
        Rosters.fromProto(snapshot.getMembersEpoch(), snapshot.getMembersList()));
  }

  private static RestoreParts restore(Snapshot snapshot) {
    return snapshot.getRestorePartsCount() == 0
        ? RestoreParts.NONE
        : new RestoreParts(
            ChunkId.ofHash(snapshot.getRestoreId().toByteArray()),
            snapshot.getRestoreCount(),
            TreePVector.from(snapshot.getRestorePartsList()));
  }

  private static List<ChunkId> ids(List<ByteString> hashes) {
    return hashes.stream().map(hash -> ChunkId.ofHash(hash.toByteArray())).toList();
  }

  /**
   * Before level 2 nobody noted it: everything may be superseded, and nothing is taken for gone.
   */
  private static Superseded superseded(Snapshot snapshot, SnapshotDay day) {
    return snapshot.getFeatureLevel() < 2
        ? new Superseded(1, snapshot.getCommit())
        : new Superseded(day.getSupersededFirst(), day.getSupersededLast());
  }

  private static Retention retention(Snapshot snapshot) {
    List<Retention.Mark> marks = new ArrayList<>();
    for (int i = 0; i < snapshot.getMarkCommitsCount(); i++) {
      marks.add(new Retention.Mark(snapshot.getMarkCommits(i), snapshot.getMarkTimesUs(i)));
    }
    return new Retention(snapshot.getFloor(), TreePVector.from(marks));
  }
}
