package org.mesohub.cluster;

import java.util.concurrent.CompletableFuture;
import java.util.function.LongSupplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** What the nodes of a cluster ask each other beside Raft's own messages. */
public interface PeerCalls {
  /** Greets a peer, whose log need not be open; fails when it does not answer within seconds. */
  CompletableFuture<byte[]> greet(String peerId, byte[] message);

  /** Answers greetings, on a thread that may be blocked; null: no longer. */
  void answerGreetings(@Nullable UnaryOperator<byte[]> answers);

  /** The term of a peer now; fails when its log is not open or it does not answer at once. */
  CompletableFuture<Long> term(String peerId);

  /** Tells peers the term of this node, on a thread that must not be blocked; null: no longer. */
  void answerTerms(@Nullable LongSupplier term);
}
