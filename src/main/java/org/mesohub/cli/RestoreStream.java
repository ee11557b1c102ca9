package org.mesohub.cli;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import io.vertx.grpc.client.GrpcClientRequest;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongConsumer;
import org.mesohub.proto.v1.BackupChunk;
import org.mesohub.proto.v1.BackupHeader;
import org.mesohub.proto.v1.BackupServiceGrpcClient;
import org.mesohub.proto.v1.RestoreChunks;
import org.mesohub.proto.v1.RestoreRequest;
import org.mesohub.proto.v1.RestoreResponse;
import org.mesohub.segment.ChunkId;

/**
 * A copy on its way into an empty cluster: the catalogue, then chunks, then {@link #finish}. Used
 * by one thread, which blocks. A node that refuses is heard at the next step.
 */
final class RestoreStream implements AutoCloseable {
  /** Messages handed to the connection and not yet on the wire: 4 MiB each at most. */
  private static final int IN_FLIGHT_MAX = 2;

  private static final int MESSAGE_CHUNKS_MAX = 64;
  private static final int MESSAGE_BYTES_MAX = 4 << 20;
  private static final int PIECE_BYTES_MAX = 1 << 20;

  /** The node reads every manifest and looks for every chunk before it answers. */
  private static final int ANSWER_PATIENCE_FACTOR = 60;

  private final NodeClient client;
  private final RequestStream<RestoreRequest, RestoreResponse> messages;
  private final LongConsumer sent;
  private RestoreChunks.Builder chunks = RestoreChunks.newBuilder();
  private int chunkBytes;

  /**
   * @param sent told the bytes of chunks that are on the wire
   */
  RestoreStream(NodeClient client, BackupHeader header, LongConsumer sent) {
    this.client = client;
    this.sent = sent;
    GrpcClientRequest<RestoreRequest, RestoreResponse> request =
        client.await(
            client.<RestoreRequest, RestoreResponse>open(BackupServiceGrpcClient.Restore),
            client.silenceMax());
    CompletableFuture<RestoreResponse> answer =
        client.answer(request).toCompletionStage().toCompletableFuture();
    this.messages = new RequestStream<>(client, request, answer, IN_FLIGHT_MAX);
    send(RestoreRequest.newBuilder().setHeader(header), 0);
  }

  /** The next bytes of the catalogue. */
  void catalogue(ByteString bytes) {
    for (int from = 0; from < bytes.size(); from += PIECE_BYTES_MAX) {
      ByteString piece = bytes.substring(from, Math.min(bytes.size(), from + PIECE_BYTES_MAX));
      send(RestoreRequest.newBuilder().setCatalogue(piece), 0);
    }
  }

  /** One chunk, at most 2 MiB. */
  void chunk(ChunkId id, byte[] bytes) {
    if (chunkBytes + bytes.length > MESSAGE_BYTES_MAX
        || chunks.getChunksCount() == MESSAGE_CHUNKS_MAX) {
      flush();
    }
    chunks.addChunks(
        BackupChunk.newBuilder()
            .setId(ByteString.copyFrom(id.hash()))
            .setData(UnsafeByteOperations.unsafeWrap(bytes)));
    chunkBytes += bytes.length;
  }

  private void flush() {
    send(RestoreRequest.newBuilder().setChunks(chunks), chunkBytes);
    chunks = RestoreChunks.newBuilder();
    chunkBytes = 0;
  }

  /** Says that everything was sent; gives the node's answer. */
  RestoreResponse finish() {
    if (chunks.getChunksCount() > 0) {
      flush();
    }
    messages.end();
    return answer();
  }

  private void send(RestoreRequest.Builder message, int bytes) {
    if (!messages.send(message.build(), () -> sent.accept(bytes))) {
      answer();
      throw new CliException(
          ExitCode.REFUSED, "the node says that it has restored what was not sent yet");
    }
  }

  private RestoreResponse answer() {
    return messages.answer(client.silenceMax().multipliedBy(ANSWER_PATIENCE_FACTOR));
  }

  @Override
  public void close() {
    messages.close();
  }
}
