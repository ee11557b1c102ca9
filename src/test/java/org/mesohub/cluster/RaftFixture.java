package org.mesohub.cluster;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** A log with its state machine in this JVM, on real files. */
final class RaftFixture implements AutoCloseable {
  /** Far beyond what a busy machine needs; only a lost answer gets here. */
  private static final long PATIENCE_SECONDS = 60;

  final LedgerMachine machine = new LedgerMachine();
  final AtomicLong clockMicros = new AtomicLong(1_700_000_000_000_000L);
  final RaftVerticle verticle;
  private final Vertx vertx = Vertx.vertx();

  private RaftFixture(RaftConfig config) {
    verticle = new RaftVerticle(config, machine, clockMicros::incrementAndGet);
  }

  static RaftFixture start(RaftConfig config) throws Exception {
    RaftFixture fixture = new RaftFixture(config);
    try {
      await(fixture.vertx.deployVerticle(fixture.verticle));
      return fixture;
    } catch (Exception e) {
      fixture.close();
      throw e;
    }
  }

  RatisLog log() {
    return verticle.log();
  }

  /** Submits and gives the index. */
  long submit(String entry) throws Exception {
    return index(await(send(entry)));
  }

  Future<byte[]> send(String entry) {
    return log().submit(entry.getBytes(StandardCharsets.UTF_8));
  }

  static long index(byte[] answer) {
    return ByteBuffer.wrap(answer).getLong();
  }

  static <T> T await(Future<T> future) throws Exception {
    return future.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
  }

  @Override
  public void close() throws Exception {
    machine.release.countDown();
    await(vertx.close());
  }
}
