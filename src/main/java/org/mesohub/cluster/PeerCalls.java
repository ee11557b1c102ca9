package org.mesohub.cluster;

import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** What the nodes of a cluster ask each other beside Raft's own messages. */
public interface PeerCalls {
  /** Greets a peer, whose log need not be open; fails when it does not answer within seconds. */
  CompletableFuture<byte[]> greet(String peerId, byte[] message);

  /** Answers greetings, on a thread that may be blocked; null: no longer. */
  void answerGreetings(@Nullable UnaryOperator<byte[]> answers);

  /**
   * Asks a peer whether the leader has ended for it, too; fails when it does not answer at once.
   */
  CompletableFuture<byte[]> suspect(String peerId, byte[] message);

  /** Answers suspicions, on a thread that may be blocked shortly; null: no longer. */
  void answerSuspicions(@Nullable Function<byte[], CompletableFuture<byte[]>> answers);

  /** Calls a listener with the id of a peer whose process has ended; null: no longer. */
  void onGone(@Nullable Consumer<String> listener);

  /** Whether nobody is there any more where a peer listened. */
  CompletableFuture<Boolean> isGone(String peerId);

  /** The term of a peer now; fails when its log is not open or it does not answer at once. */
  CompletableFuture<Long> term(String peerId);

  /** Tells peers the term of this node, on a thread that must not be blocked; null: no longer. */
  void answerTerms(@Nullable LongSupplier term);
}
