package org.mesohub.cli;

import com.google.protobuf.UnsafeByteOperations;
import io.vertx.grpc.client.GrpcClientRequest;
import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongConsumer;
import org.mesohub.proto.v1.ObservationServiceGrpcClient;
import org.mesohub.proto.v1.PutHeader;
import org.mesohub.proto.v1.PutRequest;
import org.mesohub.proto.v1.PutResponse;

/** One attempt at sending one file as one put. Runs on a thread that may block. */
final class PutUpload {
  /** Big enough to make per-message costs vanish, small enough to share the connection fairly. */
  private static final int PIECE_BYTES = 256 << 10;

  /**
   * Pieces handed to the connection but not yet on the wire: 4 MiB, the size of the stream's
   * window.
   */
  private static final int PIECES_IN_FLIGHT_MAX = 16;

  /**
   * The node commits a long put after its last byte; that may take this many times the usual
   * silence: a quarter of an hour for 10 GB on a busy machine. A node that dies is noticed by its
   * connection.
   */
  private static final int ANSWER_PATIENCE_FACTOR = 60;

  private final NodeClient client;
  private final LongConsumer sent;

  /**
   * @param sent told the size of each piece once it is on the wire
   */
  PutUpload(NodeClient client, LongConsumer sent) {
    this.client = client;
    this.sent = sent;
  }

  /**
   * Sends the header and the stream, gives the node's answer.
   *
   * @throws CliException when the stream cannot be read; the put is cancelled
   */
  PutResponse send(PutHeader header, InputStream in) {
    GrpcClientRequest<PutRequest, PutResponse> request =
        client.await(
            client.<PutRequest, PutResponse>open(ObservationServiceGrpcClient.Put),
            client.silenceMax());
    CompletableFuture<PutResponse> answer =
        client.answer(request).toCompletionStage().toCompletableFuture();
    try (var pieces = new RequestStream<>(client, request, answer, PIECES_IN_FLIGHT_MAX)) {
      request.write(PutRequest.newBuilder().setHeader(header).build());
      pump(in, pieces);
      return pieces.answer(client.silenceMax().multipliedBy(ANSWER_PATIENCE_FACTOR));
    } catch (IOException e) {
      throw new CliException(ExitCode.USAGE, "cannot be read: " + e.getMessage());
    }
  }

  /** Sends all pieces, or those before the answer came. */
  private void pump(InputStream in, RequestStream<PutRequest, PutResponse> pieces)
      throws IOException {
    while (true) {
      byte[] piece = in.readNBytes(PIECE_BYTES);
      if (piece.length == 0) {
        pieces.end();
        return;
      }
      PutRequest message =
          PutRequest.newBuilder().setData(UnsafeByteOperations.unsafeWrap(piece)).build();
      if (!pieces.send(message, () -> sent.accept(piece.length))) {
        return;
      }
    }
  }
}
