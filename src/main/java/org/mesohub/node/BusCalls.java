package org.mesohub.node;

import java.util.concurrent.CompletableFuture;
import java.util.function.LongSupplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.mesohub.bus.BusEndpoint;
import org.mesohub.cluster.PeerCalls;

/** What nodes ask each other beside Raft's messages, over the bus. */
public record BusCalls(BusEndpoint endpoint) implements PeerCalls {
  @Override
  public CompletableFuture<byte[]> greet(String peerId, byte[] message) {
    return endpoint.greet(peerId, message);
  }

  @Override
  public void answerGreetings(@Nullable UnaryOperator<byte[]> answers) {
    endpoint.answerGreetings(answers);
  }

  @Override
  public CompletableFuture<Long> term(String peerId) {
    return endpoint.term(peerId);
  }

  @Override
  public void answerTerms(@Nullable LongSupplier term) {
    endpoint.answerTerms(term);
  }
}
