package org.mesohub.api;

import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.mesohub.catalog.DayEntry;
import org.mesohub.observation.Day;
import org.mesohub.observation.StationKey;
import org.mesohub.observation.TimeRange;
import org.mesohub.query.Query;
import org.mesohub.query.Selection;
import org.mesohub.store.RejectStore.Rejected;

/**
 * Everything a node does for its clients. Threading: callable from any thread; futures complete on
 * the caller's Vert.x context, and every one of them completes. Failures are {@link ApiException}s.
 */
public interface NodeApi {
  /** Opens a put. */
  PutSession put(PutOptions options);

  /** Deletes by station, network and time; gives (rows deleted, commit). */
  Future<DeleteOutcome> delete(
      Selection selection, PutOptions.@Nullable Token token, boolean dryRun, String principal);

  /** Starts an answer at a linearizable version. */
  Future<AnswerStream> query(Query query);

  /** Number of matching rows. */
  Future<Counted> count(Selection selection, long asOfCommit);

  /** Latest row per station. */
  default Future<AnswerStream> latest(Selection selection, List<String> variables, String units) {
    return latest(new Query(selection, variables, units, 0, false, 0));
  }

  /** Latest row per station, of a query without history as of now; its limit does not count. */
  Future<AnswerStream> latest(Query query);

  /** Stations with rows or a description, ascending. */
  Future<List<StationInfo>> stations(Selection selection);

  /** Days with rows in a range, ascending. */
  Future<List<java.util.Map.Entry<Day, DayEntry>>> days(TimeRange range);

  /** Rejected rows, of one put when given. */
  Future<List<Rejected>> rejects(@Nullable String putId, int limit);

  /**
   * Compacts every day that has more than one run, flushes inline runs, collects garbage, and
   * shrinks the data file.
   */
  Future<CompactOutcome> compact();

  /**
   * How far this node's own scrub is.
   *
   * @param start whether to begin a round unless one is under way
   */
  Future<ScrubStatus> scrub(boolean start);

  /**
   * A round in which every stored chunk is read.
   *
   * @param round number since the node started; 0: there was none
   * @param stored chunks that are to be read, about
   * @param chunks chunks read
   * @param bytes bytes of those that were whole
   * @param failure why it ended early; empty when it did not
   */
  record ScrubStatus(
      long round,
      boolean running,
      long stored,
      long chunks,
      long bytes,
      long corrupt,
      long healed,
      String failure) {}

  /**
   * The same for reads that may miss what was acknowledged within an age: when this node has
   * everything from before, they are answered from its state as it is, without asking others.
   */
  default NodeApi allowing(Duration staleness) {
    return this;
  }

  /**
   * The same for reads that may ask other clusters: queries, counts, and latest rows. Without other
   * clusters, and for history, everything is answered here.
   */
  default NodeApi reaching(Reach reach) {
    return this;
  }

  /** The selection with the names of networks that are stored, for names that clients may use. */
  default Selection canonical(Selection selection) {
    return selection;
  }

  /** Copies of everything, out of here and into here. */
  Backups backups();

  /** What this node is. */
  Future<NodeStatus> status();

  /** Writes, reads and commits a probe; fails when the node cannot serve. */
  Future<Void> ready();

  /** Outcome of a deletion; commit 0 when nothing matched. */
  record DeleteOutcome(long deleted, long commit) {}

  /**
   * A count and the commit it is of.
   *
   * @param peers what came of other clusters that were asked
   */
  record Counted(long rows, long commit, List<PeerOutcome> peers) {
    /** Of this cluster alone. */
    public Counted(long rows, long commit) {
      this(rows, commit, List.of());
    }
  }

  /** Outcome of a compaction. */
  record CompactOutcome(
      long days, long chunksBefore, long chunksAfter, long bytesBefore, long bytesAfter) {}

  /**
   * A station with rows, or described by a station list.
   *
   * @param latitude last known by rows, else by a list; decimal degrees, empty when unknown
   * @param longitude likewise
   * @param elevationMetres likewise, decimal text
   * @param firstMicros 0 without rows
   * @param lastMicros 0 without rows
   * @param rows row versions stored
   * @param name from a station list, like all that follow; empty when none says
   * @param source what the put of the list named as its source
   */
  record StationInfo(
      StationKey key,
      String latitude,
      String longitude,
      String elevationMetres,
      long firstMicros,
      long lastMicros,
      long rows,
      String name,
      String state,
      String country,
      String networkName,
      String status,
      String source) {}

  /**
   * A node in numbers.
   *
   * @param historyFloor oldest commit that can be read; 0 while all can
   */
  record NodeStatus(
      String clusterId,
      String nodeId,
      int nodeNumber,
      String role,
      long term,
      String leaderId,
      int leaderNumber,
      long commitIndex,
      long appliedIndex,
      long commit,
      long historyFloor,
      long days,
      long rows,
      long chunks,
      long chunkBytes,
      long diskBytes,
      String version,
      long uptimeSeconds,
      List<String> listening,
      Set<String> networks) {}
}
