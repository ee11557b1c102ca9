package org.mesohub.replication;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.mesohub.placement.Member;
import org.mesohub.placement.Membership;
import org.mesohub.placement.Placement;
import org.mesohub.segment.ChunkId;
import org.mesohub.store.ChunkStore;
import org.mesohub.store.StoreException;
import org.mesohub.store.StoreException.Reason;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Chunks of a cluster: each on several members, chosen by {@link Placement}.
 *
 * <ul>
 *   <li>A put succeeds when a majority of the replicas of each chunk are durable. The others get
 *       theirs in the background, or from repair.
 *   <li>A read takes this node's own replica or that of any other member, verified, and stores here
 *       again what was missing or corrupt.
 *   <li>A removal reaches the members that answer; what others keep is found again later.
 *   <li>{@link #count}, {@link #compact} and {@link #probe} are about this node.
 * </ul>
 */
public final class ReplicatedChunkStore implements ChunkStore {
  private static final Logger LOG = LoggerFactory.getLogger(ReplicatedChunkStore.class);

  /** Chunks being stored here again at once; a read that finds more leaves them to repair. */
  private static final int RESTORES_MAX = 4;

  private final Vertx vertx;
  private final LocalChunks local;
  private final Lanes lanes;
  private final Holders holders;
  private final ReplicationLimits limits;
  private final ReplicationCounters counters = new ReplicationCounters();
  private final Set<ChunkId> healing = ConcurrentHashMap.newKeySet();
  private final Semaphore restores = new Semaphore(RESTORES_MAX);

  /**
   * @param holders members that are to hold chunks
   */
  public ReplicatedChunkStore(
      Vertx vertx,
      Membership membership,
      LocalChunks local,
      ChunkPeers peers,
      Holders holders,
      ReplicationLimits limits) {
    this(vertx, local, new Lanes(membership, local, peers::all, limits), holders, limits);
  }

  ReplicatedChunkStore(
      Vertx vertx, LocalChunks local, Lanes lanes, Holders holders, ReplicationLimits limits) {
    this.vertx = vertx;
    this.local = local;
    this.lanes = lanes;
    this.holders = holders;
    this.limits = limits;
  }

  /** What was done so far. */
  public ReplicationCounters counters() {
    return counters;
  }

  ReplicationLimits limits() {
    return limits;
  }

  /** Members that take new chunks. */
  Collection<Member> takers() {
    return holders.taking();
  }

  /** What each member stores, this one first. */
  List<Replica> replicas() {
    return lanes.all().stream().map(Lane::replica).toList();
  }

  /** Gives a chunk to one member that lacks it. */
  Future<Void> copy(Member to, Blob chunk) {
    return lanes.to(to).replica().put(local.condemnEpoch(), List.of(chunk));
  }

  /** Bytes of puts that can be under way to a member beside those that are. */
  long freeTo(String member) {
    Lane lane = lanes.find(member);
    return lane == null ? 0 : lane.puts().free();
  }

  @Override
  public Future<Void> put(List<Blob> chunks) {
    long epoch = local.condemnEpoch();
    return send(chunks, (replica, batch) -> replica.put(epoch, batch));
  }

  @Override
  public Future<Void> replace(Blob chunk) {
    long epoch = local.condemnEpoch();
    return send(List.of(chunk), (replica, one) -> replica.replace(epoch, one.get(0)));
  }

  private Future<Void> send(List<Blob> chunks, BiFunction<Replica, List<Blob>, Future<Void>> way) {
    Map<ChunkId, Blob> distinct = new LinkedHashMap<>();
    for (Blob chunk : chunks) {
      if (chunk.bytes().length > ReplicationLimits.CHUNK_BYTES_MAX) {
        throw new IllegalArgumentException(
            "chunk %s has %d bytes, at most %d"
                .formatted(chunk.id(), chunk.bytes().length, ReplicationLimits.CHUNK_BYTES_MAX));
      }
      distinct.put(chunk.id(), chunk);
    }
    Collection<Member> taking = holders.taking();
    int quorum = limits.quorum(holders.all());
    if (taking.size() < quorum) {
      return Future.failedFuture(full(taking, quorum));
    }
    Map<ChunkId, Integer> replicas = new HashMap<>();
    Map<Lane, List<Blob>> wanted = new LinkedHashMap<>();
    for (Blob chunk : distinct.values()) {
      List<Member> chosen = Placement.replicas(chunk.id(), taking, limits.factor());
      replicas.put(chunk.id(), chosen.size());
      chosen.forEach(
          member -> wanted.computeIfAbsent(lanes.to(member), l -> new ArrayList<>()).add(chunk));
    }
    return onCaller(
        new ReplicatedPut(new QuorumPut(quorum, replicas), way, counters)
            .start(vertx, wanted, limits.putMs()));
  }

  private static StoreException full(Collection<Member> taking, int quorum) {
    return new StoreException(
        Reason.FULL,
        "only %d members take new chunks (%s), %d must: free space on the others or add a node"
            .formatted(
                taking.size(),
                taking.stream().map(Member::id).collect(Collectors.joining(", ")),
                quorum),
        null);
  }

  @Override
  public Future<byte[]> get(ChunkId id) {
    List<Lane> order = new ArrayList<>();
    order.add(lanes.to(lanes.members().self()));
    order.addAll(others(id));
    return onCaller(
        new ChunkRead(vertx, id, order, false, limits.hedgeMs(), counters)
            .start()
            .map(
                found -> {
                  noteRead(id, found);
                  return found.bytes();
                }));
  }

  private void noteRead(ChunkId id, ChunkRead.Found found) {
    if (found.from().equals(lanes.members().selfId())) {
      return;
    }
    counters.remoteReads().increment();
    StoreException own = found.failures().get(lanes.members().selfId());
    if (own != null
        && (own.reason() == Reason.CORRUPT || (own.reason() == Reason.NOT_FOUND && belongsHere(id)))
        && restores.tryAcquire()) {
      restore(new Blob(id, found.bytes()), own.reason() == Reason.CORRUPT)
          .onComplete(done -> restores.release());
    }
  }

  private boolean belongsHere(ChunkId id) {
    return Placement.replicas(id, holders.taking(), limits.factor())
        .contains(lanes.members().self());
  }

  /**
   * Fetches a chunk that is corrupt here from another member; gives whether it is whole again. A
   * chunk that no other member has stays as it is.
   */
  public Future<Boolean> heal(ChunkId id) {
    if (!healing.add(id)) {
      return Future.succeededFuture(false);
    }
    return new ChunkRead(vertx, id, others(id), true, limits.hedgeMs(), counters)
        .start()
        .compose(found -> restore(new Blob(id, found.bytes()), true))
        .onFailure(
            failure ->
                LOG.warn("corrupt chunk {} could not be healed: {}", id, failure.getMessage()))
        .onComplete(done -> healing.remove(id));
  }

  private Future<Boolean> restore(Blob chunk, boolean corrupt) {
    return Lane.attempt(() -> local.restore(chunk, corrupt))
        .onSuccess(
            stored -> {
              if (stored) {
                counters.readRepairs().increment();
                LOG.info(
                    "chunk {} was {} here and is stored again",
                    chunk.id(),
                    corrupt ? "corrupt" : "missing");
              }
            });
  }

  /** Those of the ids that are known to be durable: a quorum of members has them. */
  @Override
  public Future<Set<ChunkId>> present(Collection<ChunkId> ids) {
    Map<ChunkId, Integer> counts = new HashMap<>();
    Set<String> holding = holders.all().stream().map(Member::id).collect(Collectors.toSet());
    int quorum = limits.quorum(holding);
    return onCaller(
        askAll(
                lane ->
                    oneByOne(
                        holding.contains(lane.id()) ? Batches.ofIds(ids) : List.of(),
                        part ->
                            lane.replica()
                                .present(part)
                                .onSuccess(
                                    here -> {
                                      synchronized (counts) {
                                        here.forEach(id -> counts.merge(id, 1, Integer::sum));
                                      }
                                    })
                                .mapEmpty()))
            .map(
                answered ->
                    counts.entrySet().stream()
                        .filter(entry -> entry.getValue() >= quorum)
                        .map(Map.Entry::getKey)
                        .collect(Collectors.toSet())));
  }

  /** Removes what is condemned on every member that answers; this one has to. */
  @Override
  public Future<Void> delete(Collection<ChunkId> ids) {
    long epoch = local.condemnEpoch();
    return onCaller(
        askAll(lane -> oneByOne(Batches.ofIds(ids), part -> lane.replica().delete(epoch, part)))
            .compose(
                failures -> {
                  StoreException own = failures.get(lanes.members().selfId());
                  return own == null ? Future.succeededFuture() : Future.failedFuture(own);
                }));
  }

  /** The ids that members have which answer; fails when none does. */
  @Override
  public Future<List<ChunkId>> list(@Nullable ChunkId after, int limit) {
    if (limit < 1 || limit > ReplicationLimits.IDS_MAX) {
      throw new IllegalArgumentException(
          "limit " + limit + " is not in 1.." + ReplicationLimits.IDS_MAX);
    }
    TreeSet<ChunkId> union = new TreeSet<>();
    return onCaller(
        askAll(
                lane ->
                    lane.replica()
                        .list(after, limit)
                        .onSuccess(
                            ids -> {
                              synchronized (union) {
                                union.addAll(ids);
                              }
                            })
                        .mapEmpty())
            .compose(
                failures -> {
                  StoreException own = failures.get(lanes.members().selfId());
                  return own != null && failures.size() >= lanes.all().size()
                      ? Future.failedFuture(own)
                      : Future.succeededFuture(union.stream().limit(limit).toList());
                }));
  }

  @Override
  public Future<Long> count() {
    return local.store().count();
  }

  @Override
  public Future<Void> compact() {
    return local.store().compact();
  }

  @Override
  public Future<Void> probe() {
    return local.store().probe();
  }

  /** Asks every member at once; gives the failures of those that failed. */
  private Future<Map<String, StoreException>> askAll(Function<Lane, Future<Void>> question) {
    Map<String, StoreException> failures = new ConcurrentHashMap<>();
    List<Lane> asked = lanes.all();
    List<Future<Void>> answers =
        asked.stream()
            .map(
                lane ->
                    Lane.attempt(() -> question.apply(lane))
                        .onFailure(
                            cause -> {
                              counters.failed(lane.id());
                              failures.put(lane.id(), Failures.of(cause));
                            }))
            .toList();
    return Future.join(answers).transform(ended -> Future.succeededFuture(failures));
  }

  private static <T> Future<Void> oneByOne(List<T> parts, Function<T, Future<Void>> step) {
    Future<Void> done = Future.succeededFuture();
    for (T part : parts) {
      done = done.compose(ended -> step.apply(part));
    }
    return done;
  }

  private List<Lane> others(ChunkId id) {
    return Placement.ranked(id, lanes.members().others()).stream().map(lanes::to).toList();
  }

  /** Completes on the Vert.x context of the caller when it has one. */
  private static <T extends @Nullable Object> Future<T> onCaller(Future<T> future) {
    Context caller = Vertx.currentContext();
    if (caller == null) {
      return future;
    }
    Promise<T> promise = Promise.promise();
    future.onComplete(
        done -> {
          if (caller == Vertx.currentContext()) {
            promise.handle(done);
          } else {
            caller.runOnContext(turn -> promise.handle(done));
          }
        });
    return promise.future();
  }
}
