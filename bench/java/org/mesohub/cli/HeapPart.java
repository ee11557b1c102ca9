package org.mesohub.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Locale;
import java.util.stream.Stream;
import org.mesohub.cli.BenchStore.Query;
import org.mesohub.proto.v1.ObservationServiceGrpcClient;
import org.mesohub.proto.v1.QueryRequest;
import org.mesohub.proto.v1.QueryResponse;

/** What a node keeps on its heap: for many rows more than for few, and for readers that do not read. */
final class HeapPart {
  /** Chunks that nobody uses leave the cache after a minute; the figures are taken after that. */
  private static final long CACHES_EMPTY_MS = 90_000;

  private static final int FEW_LINES = 10_005;
  private static final int SLOW_READERS = 20;

  /** So that both nodes have warmed up alike: every thread keeps room to decode in. */
  private static final int ROUNDS = 5;

  /** Time for batches made ahead and for sockets to fill, milliseconds. */
  private static final long SETTLE_MS = 3_000;

  private final MesohubStore many;
  private final MesohubStore few;
  private final Path work;
  private final Figures figures;

  HeapPart(MesohubStore many, MesohubStore few, Path work, Figures figures) {
    this.many = many;
    this.few = few;
    this.work = work;
    this.figures = figures;
  }

  /** The first lines of a file. */
  static Path few(Path file, Path target) throws IOException {
    try (Stream<String> lines = Files.lines(file, StandardCharsets.ISO_8859_1)) {
      return Files.write(target, (Iterable<String>) lines.limit(FEW_LINES)::iterator);
    }
  }

  /**
   * @param calls puts that the node with many rows has taken
   */
  void run(Path fewRows, int calls) throws Exception {
    for (int i = 0; i < calls; i++) {
      few.put(fewRows);
    }
    compare("at once after as many puts", null);
    few.compact();
    many.compact();
    for (int i = 0; i < ROUNDS; i++) {
      use(few);
      use(many);
    }
    compare("at once after full gets and queries", null);
    Thread.sleep(CACHES_EMPTY_MS);
    compare("a minute later, when the chunk cache has emptied itself", 1.05);
    slowReaders();
  }

  private void use(MesohubStore node) throws Exception {
    node.export(work.resolve("heap.csv"));
    for (Query query : Query.values()) {
      node.query(query, "KSLC");
    }
  }

  private void compare(String when, Double bar) throws Exception {
    long ofFew = few.liveHeap();
    long ofMany = many.liveHeap();
    if (bar != null) {
      Files.writeString(work.resolveSibling("histogram-few.txt"), few.jcmd("GC.class_histogram"));
      Files.writeString(work.resolveSibling("histogram-many.txt"), many.jcmd("GC.class_histogram"));
    }
    double ratio = ofMany / (double) ofFew;
    figures.row(
        "live heap, " + when,
        String.format(
            Locale.ROOT,
            "10k rows %s, all %s (× %.3f)",
            Figures.mib(ofFew),
            Figures.mib(ofMany),
            ratio),
        "",
        "",
        bar == null ? "" : "≤ × 1.05",
        bar == null ? null : ratio <= bar);
  }

  /** Clients that ask for everything, take one batch and then nothing. */
  private void slowReaders() throws Exception {
    use(many);
    long before = many.liveHeap();
    Files.writeString(work.resolveSibling("histogram-before.txt"), many.jcmd("GC.class_histogram"));
    long residentBefore = many.residentBytes();
    var clients = new ArrayList<NodeClient>();
    var answers = new ArrayList<AnswerReader<QueryResponse>>();
    try {
      for (int i = 0; i < SLOW_READERS; i++) {
        var client = many.another();
        clients.add(client);
        AnswerReader<QueryResponse> answer =
            AnswerReader.open(
                client, ObservationServiceGrpcClient.Query, QueryRequest.getDefaultInstance());
        answers.add(answer);
        answer.next();
        answer.next();
      }
      Thread.sleep(SETTLE_MS);
      long held = many.liveHeap();
      Files.writeString(work.resolveSibling("histogram-slow.txt"), many.jcmd("GC.class_histogram"));
      long resident = many.residentBytes();
      double each = (held - before) / (double) SLOW_READERS;
      figures.row(
          SLOW_READERS + " readers that take one batch and no more",
          String.format(
              Locale.ROOT,
              "live heap %s before, %s with them: **%s each**; resident %s, then %s",
              Figures.mib(before),
              Figures.mib(held),
              Figures.mib(each),
              Figures.mib(residentBefore),
              Figures.mib(resident)),
          "",
          "",
          "a few MB",
          each <= 4 << 20);
    } finally {
      answers.forEach(AnswerReader::close);
      clients.forEach(NodeClient::close);
    }
  }
}
