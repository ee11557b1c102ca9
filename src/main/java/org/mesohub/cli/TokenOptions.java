package org.mesohub.cli;

import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.mesohub.proto.v1.PutToken;
import picocli.CommandLine.Option;

/** Tokens, which make a change safe to repeat: one client, an ascending sequence. */
final class TokenOptions {
  @Option(
      names = "--client",
      paramLabel = "NAME",
      description = "Client name of the tokens (default: a random one for this invocation).")
  @Nullable String client;

  @Option(
      names = "--sequence",
      paramLabel = "N",
      description =
          "Sequence number of the first token; the next files get the next numbers (default: the time in microseconds).")
  @Nullable Long sequence;

  private @Nullable String resolved;
  private @Nullable AtomicLong next;

  /** The next token. */
  synchronized PutToken token() {
    if (resolved == null) {
      resolved = client == null ? "cli-" + UUID.randomUUID() : client;
    }
    if (next == null) {
      next = new AtomicLong(sequence == null ? System.currentTimeMillis() * 1_000 : sequence);
    }
    return PutToken.newBuilder().setClient(resolved).setSequence(next.getAndIncrement()).build();
  }
}
