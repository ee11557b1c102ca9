package org.mesohub.cli;

import com.google.protobuf.ByteString;
import io.vertx.core.Future;
import io.vertx.grpc.client.GrpcClientRequest;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.mesohub.proto.v1.BackupBegin;
import org.mesohub.proto.v1.BackupHeader;
import org.mesohub.proto.v1.BackupIds;
import org.mesohub.proto.v1.BackupRequest;
import org.mesohub.proto.v1.BackupResponse;
import org.mesohub.proto.v1.BackupServiceGrpcClient;
import org.mesohub.proto.v1.BackupWant;
import org.mesohub.segment.ChunkId;

/**
 * A copy of a node's cluster as it arrives: {@link #header}, {@link #catalogue}, {@link #chunks},
 * any number of {@link #fetch}, {@link #end}, each once and in this order. Used by one thread,
 * which blocks.
 */
final class BackupStream implements AutoCloseable {
  /** Format of copies that this release reads. */
  static final int FORMAT = 1;

  /** Ids of one message. */
  private static final int WANT_MAX = 64;

  /** Chunks asked for and not taken: enough that the node is never without work. */
  private static final int OUTSTANDING_MAX = 4 * WANT_MAX;

  private final GrpcClientRequest<BackupRequest, BackupResponse> request;
  private final AnswerReader<BackupResponse> answers;
  private final BackupHeader header;

  private BackupStream(
      GrpcClientRequest<BackupRequest, BackupResponse> request,
      AnswerReader<BackupResponse> answers) {
    this.request = request;
    this.answers = answers;
    this.header = next(BackupResponse.PartCase.HEADER).getHeader();
    if (header.getFormat() != FORMAT) {
      answers.close();
      throw new CliException(
          ExitCode.REFUSED,
          "the node sends backups of format "
              + header.getFormat()
              + "; this release knows format "
              + FORMAT
              + ": use the node's release");
    }
  }

  /** A call whose answer has begun. */
  private record Begun(
      GrpcClientRequest<BackupRequest, BackupResponse> request,
      AnswerReader<BackupResponse> answers) {}

  /**
   * Begins a copy. The reader is there before anything is sent: what comes while nobody takes it is
   * lost.
   */
  static BackupStream open(NodeClient client) {
    Begun begun =
        client.await(
            client
                .<BackupRequest, BackupResponse>open(BackupServiceGrpcClient.Backup)
                .compose(
                    request -> {
                      Future<Begun> answering =
                          AnswerReader.answering(client, request)
                              .map(answers -> new Begun(request, answers));
                      request.write(
                          BackupRequest.newBuilder()
                              .setBegin(BackupBegin.getDefaultInstance())
                              .build());
                      return answering;
                    }),
            client.silenceMax());
    return new BackupStream(begun.request(), begun.answers());
  }

  BackupHeader header() {
    return header;
  }

  /** Takes the catalogue, piece by piece. */
  void catalogue(Consumer<ByteString> take) {
    for (long left = header.getCatalogueBytes(); left > 0; ) {
      ByteString piece = next(BackupResponse.PartCase.CATALOGUE).getCatalogue();
      left -= piece.size();
      take.accept(piece);
    }
  }

  /** All chunks of the copy with their sizes in bytes, 0 where the node does not know. */
  Map<ChunkId, Integer> chunks() {
    Map<ChunkId, Integer> chunks = new LinkedHashMap<>();
    while (chunks.size() < header.getChunks()) {
      BackupIds ids = next(BackupResponse.PartCase.IDS).getIds();
      for (int i = 0; i < ids.getIdsCount(); i++) {
        chunks.put(ChunkId.ofHash(ids.getIds(i).toByteArray()), ids.getSizes(i));
      }
    }
    return chunks;
  }

  /** Says that the client is still there: the node gives up those that say nothing for long. */
  void stillHere() {
    request.write(BackupRequest.newBuilder().setWant(BackupWant.getDefaultInstance()).build());
  }

  /** Takes chunks, each verified, in the order in which they are asked for. */
  void fetch(Iterator<ChunkId> wanted, BiConsumer<ChunkId, byte[]> take) {
    int outstanding = 0;
    while (wanted.hasNext() || outstanding > 0) {
      while (wanted.hasNext() && outstanding <= OUTSTANDING_MAX - WANT_MAX) {
        List<ByteString> ids = new ArrayList<>();
        while (wanted.hasNext() && ids.size() < WANT_MAX) {
          ids.add(ByteString.copyFrom(wanted.next().hash()));
        }
        request.write(
            BackupRequest.newBuilder().setWant(BackupWant.newBuilder().addAllIds(ids)).build());
        outstanding += ids.size();
      }
      BackupResponse message = next(BackupResponse.PartCase.CHUNK);
      byte[] bytes = message.getChunk().getData().toByteArray();
      ChunkId id = ChunkId.of(bytes);
      if (!ByteString.copyFrom(id.hash()).equals(message.getChunk().getId())) {
        throw new CliException(
            ExitCode.REFUSED, "a chunk came with other bytes than its name says; try again");
      }
      outstanding--;
      take.accept(id, bytes);
    }
  }

  /** Lets the node go; fails when the copy was not whole. */
  void end() {
    request.end();
    if (answers.next() != null) {
      throw unexpected();
    }
  }

  private BackupResponse next(BackupResponse.PartCase expected) {
    BackupResponse message = answers.next();
    if (message == null || message.getPartCase() != expected) {
      throw unexpected();
    }
    return message;
  }

  private static CliException unexpected() {
    return new CliException(
        ExitCode.REFUSED, "the node does not keep to the protocol: is it of another release?");
  }

  @Override
  public void close() {
    answers.close();
  }
}
