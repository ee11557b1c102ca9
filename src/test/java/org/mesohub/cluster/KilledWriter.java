package org.mesohub.cluster;

import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;

/**
 * Program that writes to a log until it is killed and prints {@code ack index entry .} for
 * everything acknowledged.
 */
final class KilledWriter {
  /** Submits in flight at a time. */
  private static final int WRITERS = 16;

  private KilledWriter() {}

  public static void main(String[] args) throws Exception {
    RaftFixture node = RaftFixture.start(config(Path.of(args[0])));
    for (int writer = 0; writer < WRITERS; writer++) {
      write(node, args[1] + "-" + writer + "-", 0);
    }
    new CountDownLatch(1).await();
  }

  /** Frequent snapshots, so that kills hit them too. */
  static RaftConfig config(Path folder) {
    return RaftConfig.alone("n1", "uni", folder)
        .withSnapshots(new RaftConfig.Snapshots(40, 1 << 20, true));
  }

  private static void write(RaftFixture node, String prefix, int number) {
    String entry = prefix + number;
    node.send(entry)
        .onSuccess(
            answer -> {
              System.out.print("ack " + RaftFixture.index(answer) + " " + entry + " .\n");
              write(node, prefix, number + 1);
            })
        .onFailure(failure -> System.out.println("failed " + failure));
  }
}
