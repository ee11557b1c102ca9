package org.mesohub.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mesohub.api.PutOptions;
import org.mesohub.api.PutOutcome;
import org.mesohub.api.PutSession;
import org.mesohub.observation.BatchBuilder;
import org.mesohub.observation.Column;
import org.mesohub.observation.ObservationBatch;
import org.mesohub.observation.StationKey;
import org.mesohub.observation.ValueKind;
import org.mesohub.observation.VariableDictionary;
import org.mesohub.retrieval.Pins;

/** What a put takes in while nobody reads it: every worker is kept busy with something else. */
class FilePutTest {
  private static final int SMALL_BATCHES = 100;

  @TempDir Path spill;

  private final IngestWorld world = new IngestWorld();
  private final Vertx vertx = Vertx.vertx();
  private final WorkerExecutor workers = vertx.createSharedWorkerExecutor("put-test", 1);
  private final CountDownLatch busy = new CountDownLatch(1);
  private Ingest ingest;

  @BeforeEach
  void start() {
    var limits = new IngestLimits(1_000_000, 1_000_000, 10, Long.MAX_VALUE, 1);
    ingest =
        new Ingest(
            vertx,
            workers,
            world.catalogue,
            world.engine,
            world,
            world,
            world.leases,
            new Pins(),
            new Ingest.Settings(spill, new NetworkRules("1", Map.of(), Map.of()), limits),
            Space.UNLIMITED,
            () -> IngestWorld.NOON);
    workers.executeBlocking(() -> busy.await(1, TimeUnit.MINUTES), false);
  }

  @AfterEach
  void stop() throws Exception {
    busy.countDown();
    ingest.close();
    world.close();
    vertx.close().toCompletionStage().toCompletableFuture().get(1, TimeUnit.MINUTES);
  }

  @Test
  void many_small_batches_are_taken_without_waiting() {
    PutSession put = put();
    for (int i = 0; i < SMALL_BATCHES; i++) {
      assertThat(put.batch(IngestWorld.batch(new IngestWorld.Row("KFSD", i, i))).isComplete())
          .isTrue();
    }
    assertThat(outcome(put).stored()).isEqualTo(SMALL_BATCHES);
  }

  @Test
  void empty_batches_do_not_pile_up() {
    expectToWait(IngestWorld.batch());
  }

  @Test
  void batches_that_name_stations_without_rows_do_not_pile_up() {
    var builder = new BatchBuilder(16);
    for (int i = 0; i < SMALL_BATCHES; i++) {
      builder.station(new StationKey("1", "S" + i));
    }
    int column = builder.column(VariableDictionary.mesowest().get(4));
    builder.addRow(0, IngestWorld.NOON);
    builder.decimal(column, 1, 0);
    expectToWait(builder.build());
  }

  @Test
  void batches_with_texts_do_not_pile_up() {
    var builder = new BatchBuilder(16);
    int column = builder.column(new Column("raw_report", "", 0, 0, "", ValueKind.TEXT));
    builder.addRow(builder.station(new StationKey("1", "KFSD")), IngestWorld.NOON);
    builder.text(column, "t".repeat(1_000));
    expectToWait(builder.build());
  }

  private void expectToWait(ObservationBatch batch) {
    PutSession put = put();
    put.batch(batch);
    Future<Void> second = put.batch(batch);
    Future<Void> third = put.batch(batch);
    assertThat(second.isComplete() && third.isComplete()).isFalse();
    outcome(put);
    assertThat(third.succeeded()).isTrue();
  }

  private PutSession put() {
    return ingest.open(PutOptions.plain("somebody"));
  }

  /** Lets the workers go on. */
  private PutOutcome outcome(PutSession put) {
    busy.countDown();
    try {
      return put.finish().toCompletionStage().toCompletableFuture().get(1, TimeUnit.MINUTES);
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }
}
