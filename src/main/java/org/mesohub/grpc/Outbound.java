package org.mesohub.grpc;

import com.google.protobuf.MessageLite;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.mesohub.api.AnswerStream;
import org.mesohub.query.AnswerBatch;

/**
 * Writes a stream of messages at the client's pace: asks for the next ones only when the client
 * took the ones before.
 */
final class Outbound {
  private final Call call;
  private final Supplier<Future<@Nullable Encoded>> next;
  private final Supplier<@Nullable MessageLite> end;
  private boolean running;
  private boolean again;

  /**
   * Whether a batch is being made: the drain handler may fire meanwhile, and must not ask for
   * another.
   */
  private boolean pending;

  /**
   * Serialized messages that were made of one batch.
   *
   * @param rows rows they hold, for counting
   */
  record Encoded(List<Buffer> messages, int rows) {}

  /** Makes messages of a batch, on a worker thread. */
  interface Encoder {
    List<Buffer> encode(AnswerBatch batch);
  }

  private Outbound(
      Call call, Supplier<Future<@Nullable Encoded>> next, Supplier<@Nullable MessageLite> end) {
    this.call = call;
    this.next = next;
    this.end = end;
  }

  /**
   * Writes an answer and ends the call. The answer is closed when the call is done, however it
   * ends.
   */
  static void pump(Call call, AnswerStream answer, Encoder encoder) {
    pump(call, answer, encoder, () -> null);
  }

  /**
   * The same with a last message.
   *
   * @param end made when all batches have been written; null for none
   */
  static void pump(
      Call call, AnswerStream answer, Encoder encoder, Supplier<@Nullable MessageLite> end) {
    call.cleanup(answer::close);
    java.util.function.Function<AnswerBatch, Encoded> encode =
        batch -> new Encoded(encoder.encode(batch), batch.rows().rows());
    new Outbound(call, () -> answer.next(encode), end).run();
  }

  /** Writes messages made on demand; null ends. */
  static void pump(Call call, Supplier<@Nullable Buffer> messages) {
    pumpLater(call, () -> Future.succeededFuture(messages.get()));
  }

  /** Writes messages that may take a while; null ends. */
  static void pumpLater(Call call, Supplier<Future<@Nullable Buffer>> messages) {
    new Outbound(
            call,
            () ->
                messages
                    .get()
                    .map(message -> message == null ? null : new Encoded(List.of(message), 0)),
            () -> null)
        .run();
  }

  /** One turn after another without recursion, whether futures complete at once or later. */
  private void run() {
    again = true;
    if (running || pending) {
      return;
    }
    running = true;
    while (again && !call.isDone()) {
      again = false;
      if (call.isFull()) {
        call.onDrain(drained -> run());
      } else {
        pending = true;
        Inbound.attempt(next).onComplete(this::write, call::fail);
      }
    }
    running = false;
  }

  private void write(@Nullable Encoded encoded) {
    pending = false;
    if (encoded == null) {
      MessageLite last = end.get();
      if (last != null && !call.isDone()) {
        call.write(last);
      }
      call.end();
      return;
    }
    encoded.messages().forEach(call::write);
    call.metrics().rowsRead(encoded.rows());
    run();
  }
}
