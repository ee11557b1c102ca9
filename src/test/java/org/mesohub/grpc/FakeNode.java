package org.mesohub.grpc;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.mesohub.api.AnswerStream;
import org.mesohub.api.Backups;
import org.mesohub.api.NodeApi;
import org.mesohub.api.PutOptions;
import org.mesohub.api.PutOutcome;
import org.mesohub.api.PutSession;
import org.mesohub.catalog.DayEntry;
import org.mesohub.observation.Column;
import org.mesohub.observation.Day;
import org.mesohub.observation.ObservationBatch;
import org.mesohub.observation.StationKey;
import org.mesohub.observation.TimeRange;
import org.mesohub.query.AnswerBatch;
import org.mesohub.query.AnswerHeader;
import org.mesohub.query.AnswerSources;
import org.mesohub.query.Query;
import org.mesohub.query.Selection;
import org.mesohub.segment.Origin;
import org.mesohub.store.RejectStore.Rejected;
import org.pcollections.TreePVector;

/** A node that remembers what it was asked and answers what it was told to. */
final class FakeNode implements NodeApi {
  static final long COMMIT = 42;

  final Vertx vertx;
  final List<Put> puts = new CopyOnWriteArrayList<>();
  final List<Query> queries = new CopyOnWriteArrayList<>();
  final List<Selection> counts = new CopyOnWriteArrayList<>();
  final List<String> deletes = new CopyOnWriteArrayList<>();
  final List<Stream> streams = new CopyOnWriteArrayList<>();
  final AtomicInteger probes = new AtomicInteger();
  final List<Duration> allowed = new CopyOnWriteArrayList<>();

  volatile List<Column> columns = List.of();
  volatile List<ObservationBatch> batches = List.of();
  volatile List<StationInfo> stations = List.of();
  volatile List<Rejected> rejects = List.of();
  volatile long counted = 7;
  volatile List<Map.Entry<Day, DayEntry>> days = List.of(day(15_371, Set.of("1", "8")));

  /** Fails whatever is asked next, until taken away. */
  volatile @Nullable RuntimeException failure;

  /** Fails the answer's stream after so many batches. */
  volatile int failAfter = Integer.MAX_VALUE;

  /** What the putting of one part waits for. */
  volatile @Nullable Future<Void> gate;

  /** What any answer waits for. */
  volatile @Nullable Future<Void> answerGate;

  volatile PutOutcome outcome = outcome(3, 0, 0, 0);

  FakeNode(Vertx vertx) {
    this.vertx = vertx;
  }

  static PutOutcome outcome(long stored, long unchanged, long corrected, long rejected) {
    List<Rejected> first =
        rejected == 0 ? List.of() : List.of(new Rejected("PUT1", "", 12, "no time", "x,y", 5));
    return new PutOutcome(
        stored, unchanged, corrected, rejected, 1, COMMIT, "PUT1", "mesowest", false, 2, 1, first);
  }

  /** Completes on the caller's context, as the port promises. */
  private <T> Future<T> answer(T value) {
    RuntimeException error = failure;
    if (error != null) {
      return Future.failedFuture(error);
    }
    Future<Void> wait = answerGate;
    return wait == null ? Future.succeededFuture(value) : onContext(wait).map(value);
  }

  private Future<Void> onContext(Future<Void> future) {
    var context = vertx.getOrCreateContext();
    return Future.future(p -> future.onComplete(r -> context.runOnContext(v -> p.handle(r))));
  }

  /** A put as it was received. */
  final class Put implements PutSession {
    final PutOptions options;
    final List<byte[]> bytes = new CopyOnWriteArrayList<>();
    final AtomicInteger messageCount = new AtomicInteger();
    final List<ObservationBatch> rows = new CopyOnWriteArrayList<>();
    final AtomicInteger inFlight = new AtomicInteger();
    volatile boolean overlapped;
    volatile boolean finished;
    volatile boolean cancelled;

    Put(PutOptions options) {
      this.options = options;
    }

    private Future<Void> taken() {
      if (inFlight.incrementAndGet() > 1) {
        overlapped = true;
      }
      Future<Void> wait = gate;
      if (failure != null || wait == null) {
        inFlight.decrementAndGet();
        return answer(null);
      }
      return onContext(wait).onComplete(r -> inFlight.decrementAndGet());
    }

    @Override
    public Future<Void> bytes(byte[] data, int from, int length) {
      bytes.add(Arrays.copyOfRange(data, from, from + length));
      return taken();
    }

    @Override
    public Future<Void> message(byte[] data) {
      messageCount.incrementAndGet();
      if (messageCount.get() <= 100) {
        bytes.add(data);
      }
      return taken();
    }

    @Override
    public Future<Void> batch(ObservationBatch batch) {
      rows.add(batch);
      return taken();
    }

    @Override
    public Future<PutOutcome> finish() {
      finished = true;
      return answer(outcome);
    }

    @Override
    public void cancel() {
      cancelled = true;
    }
  }

  /** An answer in progress. */
  final class Stream implements AnswerStream {
    final AtomicInteger handedOut = new AtomicInteger();
    volatile boolean closed;

    @Override
    public AnswerHeader header() {
      return new AnswerHeader(COMMIT, columns);
    }

    @Override
    public AnswerSources sources() {
      var sources = new AnswerSources();
      sources.add(List.of(Origin.local("mesonet.gz", "CC-BY-4.0")));
      return sources;
    }

    @Override
    public <T> Future<@Nullable T> next(Function<AnswerBatch, T> encode) {
      int index = handedOut.get();
      if (index >= failAfter) {
        return Future.failedFuture(new IllegalStateException("broken on purpose"));
      }
      if (index >= batches.size()) {
        return Future.succeededFuture(null);
      }
      handedOut.incrementAndGet();
      return vertx.executeBlocking(
          () -> encode.apply(new AnswerBatch(batches.get(index), null, List.of(), null)), false);
    }

    @Override
    public void close() {
      closed = true;
    }
  }

  @Override
  public PutSession put(PutOptions options) {
    var put = new Put(options);
    puts.add(put);
    return put;
  }

  @Override
  public Future<DeleteOutcome> delete(
      Selection selection, PutOptions.@Nullable Token token, boolean dryRun, String principal) {
    deletes.add(selection + " " + token + " " + dryRun + " " + principal);
    return answer(new DeleteOutcome(5, COMMIT));
  }

  @Override
  public Future<AnswerStream> query(Query query) {
    queries.add(query);
    var stream = new Stream();
    streams.add(stream);
    return answer(stream);
  }

  @Override
  public Future<Counted> count(Selection selection, long asOfCommit) {
    counts.add(selection);
    return answer(new Counted(counted, asOfCommit == 0 ? COMMIT : asOfCommit));
  }

  @Override
  public Future<AnswerStream> latest(Query query) {
    return query(query);
  }

  @Override
  public Future<List<StationInfo>> stations(Selection selection) {
    return answer(stations);
  }

  @Override
  public Future<List<Map.Entry<Day, DayEntry>>> days(TimeRange range) {
    return answer(days);
  }

  @Override
  public Future<List<Rejected>> rejects(@Nullable String putId, int limit) {
    return answer(new ArrayList<>(rejects));
  }

  @Override
  public Future<CompactOutcome> compact() {
    return answer(new CompactOutcome(1, 2, 3, 4, 5));
  }

  @Override
  public Future<ScrubStatus> scrub(boolean start) {
    return answer(new ScrubStatus(start ? 8 : 7, start, 10, 9, 1_000, 2, 1, ""));
  }

  @Override
  public NodeApi allowing(Duration staleness) {
    allowed.add(staleness);
    return this;
  }

  @Override
  public Backups backups() {
    throw new UnsupportedOperationException("this node is fake");
  }

  @Override
  public Future<NodeStatus> status() {
    return answer(
        new NodeStatus(
            "utah",
            "n2",
            2,
            "FOLLOWER",
            3,
            "n1",
            1,
            10,
            9,
            COMMIT,
            3,
            4,
            5,
            6,
            7,
            8,
            "0.1",
            11,
            List.of("127.0.0.1"),
            Set.of("8")));
  }

  @Override
  public Future<Void> ready() {
    probes.incrementAndGet();
    return answer(null);
  }

  static Map.Entry<Day, DayEntry> day(int epochDay, Set<String> networks) {
    return Map.entry(
        new Day(epochDay), new DayEntry(40, TreePVector.empty(), 9, new TreeSet<>(networks)));
  }

  /** Stations enough for several messages. */
  static List<StationInfo> manyStations(int count) {
    var list = new ArrayList<StationInfo>();
    for (int i = 0; i < count; i++) {
      list.add(
          new StationInfo(
              new StationKey("8", "S" + i),
              "40.5",
              "-111.9",
              "1288",
              1,
              2,
              3,
              "Name",
              "UT",
              "US",
              "Net",
              "ACTIVE",
              "list.csv"));
    }
    return list;
  }
}
