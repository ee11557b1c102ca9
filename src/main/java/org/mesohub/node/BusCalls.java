package org.mesohub.node;

import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.mesohub.bus.BusEndpoint;
import org.mesohub.bus.Lifelines;
import org.mesohub.cluster.PeerCalls;

/** What nodes ask each other beside Raft's messages, over the bus. */
public record BusCalls(BusEndpoint endpoint, Lifelines lifelines) implements PeerCalls {
  @Override
  public CompletableFuture<byte[]> greet(String peerId, byte[] message) {
    return endpoint.greet(peerId, message);
  }

  @Override
  public void answerGreetings(@Nullable UnaryOperator<byte[]> answers) {
    endpoint.answerGreetings(answers);
  }

  @Override
  public CompletableFuture<byte[]> suspect(String peerId, byte[] message) {
    return endpoint.suspect(peerId, message);
  }

  @Override
  public void answerSuspicions(@Nullable Function<byte[], CompletableFuture<byte[]>> answers) {
    endpoint.answerSuspicions(answers);
  }

  @Override
  public void onGone(@Nullable Consumer<String> listener) {
    lifelines.onGone(listener);
  }

  @Override
  public CompletableFuture<Boolean> isGone(String peerId) {
    return lifelines.isGone(peerId).toCompletionStage().toCompletableFuture();
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
