package org.mesohub.cluster;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.apache.ratis.conf.Parameters;
import org.mesohub.bus.BusEndpoint;
import org.mesohub.bus.BusWatchdog;
import org.mesohub.bus.ClusteredBus;
import org.mesohub.bus.EventBusRpcType;
import org.mesohub.bus.Lifelines;
import org.mesohub.cluster.RaftConfig.Voter;
import org.mesohub.node.BusCalls;
import org.mesohub.placement.Member;
import org.mesohub.placement.Members;
import org.mesohub.placement.Membership;

/**
 * Program: one voter of three with a clustered bus. Arguments: its number from 1, the folder, then
 * six ports. While it leads it submits an entry every few milliseconds and prints {@code ack term
 * entry .}; {@code bench CLIENTS SECONDS} on its input makes it measure instead, {@code stop} ends
 * it in good order.
 */
final class LogNode {
  private static final byte[] KILOBYTE = "x".repeat(1024).getBytes(StandardCharsets.UTF_8);

  private LogNode() {}

  public static void main(String[] args) throws Exception {
    int number = Integer.parseInt(args[0]);
    List<Integer> ports = Arrays.stream(args).skip(2).map(Integer::valueOf).toList();
    List<Member> members = new ArrayList<>();
    for (int i = 1; i <= 3; i++) {
      int port = ports.get(2 * i - 1);
      members.add(new Member("n" + i, i, "127.0.0.1", ports.get(2 * i - 2), port, port, "", true));
    }
    Members all = new Members("n" + number, members);
    Membership membership = new Membership(all);
    Vertx vertx =
        ClusteredBus.start(
                new VertxOptions().setEventLoopPoolSize(2), "uni", membership, Optional.empty())
            .await(2, TimeUnit.MINUTES);
    BusEndpoint endpoint =
        new BusEndpoint(vertx, "uni", all.selfId(), all.others().stream().map(Member::id).toList());
    endpoint.start().await(1, TimeUnit.MINUTES);
    BusWatchdog watchdog = new BusWatchdog(endpoint, membership);
    Lifelines lifelines = new Lifelines(vertx, membership, null);
    Parameters parameters = new Parameters();
    parameters.put(BusEndpoint.class.getName(), endpoint, BusEndpoint.class);
    RaftVerticle verticle =
        new RaftVerticle(
            RaftConfig.clustered(
                all.selfId(),
                "uni",
                members.stream().map(m -> new Voter(m.id(), true)).toList(),
                Path.of(args[1]),
                new RaftConfig.Rpc(
                    EventBusRpcType.class,
                    parameters,
                    new RaftConfig.Peers(new BusCalls(endpoint, lifelines), membership))),
            new LedgerMachine(),
            () -> System.currentTimeMillis() * 1_000);
    vertx.deployVerticle(verticle).await(1, TimeUnit.MINUTES);
    RatisLog log = verticle.log();
    verticle.takePart();
    print("up " + all.selfId());
    Thread writer = new Thread(() -> write(log, all.selfId()));
    writer.setDaemon(true);
    writer.start();
    obey(log);
    log.admin().handOver().get(5, TimeUnit.SECONDS);
    lifelines.close();
    watchdog.close();
    vertx.close().await(1, TimeUnit.MINUTES);
    System.exit(0);
  }

  private static volatile boolean paused;

  private static void write(RatisLog log, String id) {
    for (int i = 0; ; i++) {
      if (!paused && log.status().isLeader()) {
        String entry = id + "-" + i;
        try {
          log.submit(entry.getBytes(StandardCharsets.UTF_8)).await(1, TimeUnit.MINUTES);
          print("ack " + log.status().term() + " " + entry + " .");
        } catch (Exception refused) {
          // Tried again at once: the time until it works is what is looked for.
        }
      }
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(2));
    }
  }

  private static void obey(RatisLog log) throws Exception {
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      String[] words = line.split(" ");
      switch (words[0]) {
        case "bench" -> print(bench(log, Integer.parseInt(words[1]), Integer.parseInt(words[2])));
        case "pause" -> paused = true;
        case "stop" -> {
          return;
        }
        default -> print("unknown: " + line);
      }
    }
  }

  /** Commits a second of 1 KB entries, and their times. */
  private static String bench(RatisLog log, int clients, int seconds) throws Exception {
    paused = true;
    long term = log.status().term();
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
    ConcurrentLinkedQueue<Long> micros = new ConcurrentLinkedQueue<>();
    AtomicInteger failed = new AtomicInteger();
    CountDownLatch done = new CountDownLatch(clients);
    for (int c = 0; c < clients; c++) {
      submitUntil(log, end, micros, failed, done);
    }
    done.await();
    long[] sorted = micros.stream().mapToLong(Long::longValue).sorted().toArray();
    return "bench clients=%d commits/s=%d p50=%.2f ms p99=%.2f ms max=%.1f ms failed=%d terms=%d ."
        .formatted(
            clients,
            sorted.length / seconds,
            sorted[sorted.length / 2] / 1e3,
            sorted[sorted.length * 99 / 100] / 1e3,
            sorted[sorted.length - 1] / 1e3,
            failed.get(),
            log.status().term() - term + 1);
  }

  private static void submitUntil(
      RatisLog log,
      long end,
      ConcurrentLinkedQueue<Long> micros,
      AtomicInteger failed,
      CountDownLatch done) {
    long began = System.nanoTime();
    if (began >= end) {
      done.countDown();
      return;
    }
    Future<byte[]> answer = log.submit(KILOBYTE);
    answer
        .onSuccess(ok -> micros.add((System.nanoTime() - began) / 1_000))
        .onFailure(failure -> failed.incrementAndGet())
        .onComplete(outcome -> submitUntil(log, end, micros, failed, done));
  }

  private static void print(String line) {
    System.out.print(line + "\n");
  }
}
