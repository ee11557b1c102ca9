package org.mesohub.grpc;

import static org.mesohub.grpc.Invalid.invalid;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Parser;
import com.google.protobuf.UnsafeByteOperations;
import io.netty.buffer.ByteBuf;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.internal.buffer.BufferInternal;
import io.vertx.grpc.common.GrpcMessage;
import io.vertx.grpc.common.GrpcStatus;
import io.vertx.grpc.server.StatusException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/** Reads the messages of requests. */
final class Inbound {
  /**
   * Largest message accepted, in bytes: the 4 MiB of the 2018 contract and room for the fields
   * around them.
   */
  static final int MESSAGE_BYTES_MAX = 4 * 1024 * 1024 + 64 * 1024;

  static final String TOO_LARGE =
      "a message is larger than the limit of "
          + MESSAGE_BYTES_MAX
          + " bytes: send smaller messages";

  static final String UNREADABLE =
      "a message cannot be read: it is not what this method's proto says";

  /** Names how messages are compressed that are marked as such. */
  static final String ENCODING_HEADER = "grpc-encoding";

  /** Stands for the encoding of a request that names none; then no message may be compressed. */
  static final String ENCODING_UNNAMED = "unnamed";

  /**
   * A message as it came: some bytes of an array that nobody changes.
   *
   * @param from first of them
   */
  @SuppressWarnings("ArrayRecordComponent")
  record Bytes(byte[] array, int from, int length) {
    static Bytes of(byte[] all) {
      return new Bytes(all, 0, all.length);
    }

    /** The bytes of a buffer, in place where they are on the heap. */
    static Bytes of(Buffer buffer) {
      ByteBuf held = ((BufferInternal) buffer).getByteBuf();
      return held.hasArray()
          ? new Bytes(held.array(), held.arrayOffset(), buffer.length())
          : of(buffer.getBytes());
    }

    /** These bytes in an array that is hardly longer, so that keeping them keeps little else. */
    Bytes compact() {
      return array.length <= 2 * length ? this : of(copy());
    }

    /** Whether the first thing in the message is a length-delimited field; at most field 15. */
    boolean beginsWith(int field) {
      return length > 0 && array[from] == WireReader.bytes(field);
    }

    /**
     * The bytes of a length-delimited field where it is all that the message holds; null for what a
     * parser must look at. They stay where they are: most bytes of a put or an answer are such.
     *
     * @param field number of the field, at most 15
     */
    @Nullable Bytes onlyField(int field) {
      int end = from + length;
      if (!beginsWith(field)) {
        return null;
      }
      long size = 0;
      int shift = 0;
      for (int at = from + 1; at < end && shift < Integer.SIZE; shift += 7) {
        byte next = array[at++];
        size |= (next & 0x7FL) << shift;
        if (next >= 0) {
          return size == end - at ? new Bytes(array, at, end - at) : null;
        }
      }
      return null;
    }

    /** An array of these bytes alone. */
    byte[] copy() {
      return Arrays.copyOfRange(array, from, from + length);
    }
  }

  private Inbound() {}

  /**
   * Feeds messages to a sink in order, one at a time: while a future of the sink is open the stream
   * is paused, and futures that are complete already cost nothing. At the end of the stream {@code
   * finish} takes over.
   */
  static void feed(Call call, Function<Bytes, Future<Void>> sink, Runnable finish) {
    call.request()
        .messageHandler(
            message -> {
              try {
                Future<Void> taken = sink.apply(bytes(message));
                if (!taken.succeeded()) {
                  await(call, taken);
                }
              } catch (RuntimeException e) {
                call.fail(e);
              }
            });
    call.request().endHandler(end -> guarded(call, finish));
  }

  /**
   * Stops reading until the sink is ready. The messages' queue alone would go on reading sixteen
   * messages ahead, tens of megabytes of a put; so the bytes below it are stopped, too, and go on
   * only when no message waits any more.
   */
  private static void await(Call call, Future<Void> taken) {
    call.request().pause();
    call.pauseBytes();
    taken.onComplete(
        done -> {
          call.resumeBytes();
          call.request().resume();
        },
        call::fail);
  }

  /**
   * Takes the one message of a unary request; fewer or more fail the call. It is taken when the
   * request has ended: only then is it known to be the only one, and whole.
   */
  static void one(Call call, java.util.function.Consumer<byte[]> consumer) {
    var only = new AtomicReference<@Nullable GrpcMessage>();
    call.request()
        .messageHandler(
            message -> {
              if (!only.compareAndSet(null, message)) {
                call.refuse("this method takes one message, a second one came");
              }
            });
    call.request()
        .endHandler(
            end -> {
              GrpcMessage message = only.get();
              if (message == null) {
                call.refuse("this method takes one message, none came");
              } else {
                guarded(call, () -> consumer.accept(bytes(message).copy()));
              }
            });
  }

  /** Runs an action; what it throws fails the call. */
  static void guarded(Call call, Runnable action) {
    try {
      action.run();
    } catch (RuntimeException e) {
      call.fail(e);
    }
  }

  /** Completes with what the supplier throws, too. */
  static <T> Future<T> attempt(Supplier<Future<T>> action) {
    try {
      return action.get();
    } catch (RuntimeException e) {
      return Future.failedFuture(e);
    }
  }

  static <T> T parse(Parser<T> parser, byte[] bytes) {
    return parse(parser, Bytes.of(bytes));
  }

  /** Parses without copying bytes fields: they share {@code bytes}, which nobody changes. */
  static <T> T parse(Parser<T> parser, Bytes bytes) {
    try {
      CodedInputStream in =
          UnsafeByteOperations.unsafeWrap(bytes.array, bytes.from, bytes.length).newCodedInput();
      in.enableAliasing(true);
      T message = parser.parseFrom(in);
      in.checkLastTagWas(0);
      return message;
    } catch (InvalidProtocolBufferException e) {
      throw invalid(UNREADABLE);
    }
  }

  private static Bytes bytes(GrpcMessage message) {
    return switch (message.encoding()) {
      case "identity" -> Bytes.of(message.payload());
      case "gzip" -> Bytes.of(gunzip(message.payload().getBytes()));
      case ENCODING_UNNAMED ->
          throw invalid(
              "a message is marked as compressed, but no grpc-encoding says how: send the header"
                  + " grpc-encoding: gzip, or messages that are not compressed");
      default ->
          throw new StatusException(
              GrpcStatus.UNIMPLEMENTED,
              "message encoding "
                  + message.encoding()
                  + " is not known here: use identity or gzip");
    };
  }

  /** The limit holds for what comes out, or a few bytes could claim all memory. */
  private static byte[] gunzip(byte[] compressed) {
    try (var in = new GZIPInputStream(new ByteArrayInputStream(compressed))) {
      byte[] bytes = in.readNBytes(MESSAGE_BYTES_MAX + 1);
      if (bytes.length > MESSAGE_BYTES_MAX) {
        throw new StatusException(GrpcStatus.RESOURCE_EXHAUSTED, TOO_LARGE);
      }
      return bytes;
    } catch (IOException e) {
      throw invalid("a message says it is gzip but cannot be unpacked: " + e.getMessage());
    }
  }
}
