package org.mesohub.grpc;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;
import org.mesohub.api.AnswerStream;
import org.mesohub.api.ApiException;
import org.mesohub.api.NodeApi;
import org.mesohub.api.Reach;
import org.mesohub.format.BatchWriter;
import org.mesohub.format.ByteBuilder;
import org.mesohub.format.ContractCsvWriter;
import org.mesohub.format.ContractJsonWriter;
import org.mesohub.observation.ObservationBatch;
import org.mesohub.proto.contract.DatFragment;
import org.mesohub.proto.contract.MetaData;
import org.mesohub.proto.contract.Request;
import org.mesohub.proto.contract.Response;
import org.mesohub.proto.contract.StatusCode;
import org.mesohub.query.Query;
import org.mesohub.query.Selection;

/** {@code getHandler} of the 2018 contract. */
final class ContractGet {
  /** Most rows of one Response. */
  static final int ROWS_MAX = 2_000;

  /**
   * Largest text of one Response, in bytes: clients of 2018 refuse messages of 4 MiB, and the
   * fields around take room.
   */
  static final int TEXT_BYTES_MAX = 4 * 1024 * 1024 - 64 * 1024;

  /** First guess at the length of a row, in bytes. */
  private static final int ROW_BYTES_GUESS = 200;

  /** Sender name that marks an end user. */
  static final String END_USER = "external-client";

  private final NodeApi node;

  ContractGet(NodeApi node) {
    this.node = node;
  }

  void handle(Call call, Request request) {
    Selection selection;
    try {
      if (!request.hasGetRequest()) {
        throw Invalid.invalid("getHandler: the payload getRequest is missing");
      }
      selection = ContractSelection.of(request.getGetRequest().getQueryParams());
    } catch (ApiException e) {
      failed(call, e);
      return;
    }
    if (selection.range().isEmpty()) {
      call.end();
      return;
    }
    boolean endUser = request.getFromSender().equals(END_USER);
    var texts = new Responses(endUser ? new ContractJsonWriter() : new ContractCsvWriter());
    var query = new Query(selection, ContractSelection.VARIABLES, "source", 0, false, 0);
    NodeApi asked =
        endUser
            ? node.reaching(
                new Reach(
                    org.mesohub.routing.Scope.AUTO, Call.deadlineNanos(call.request().timeout())))
            : node;
    asked
        .query(query)
        .onComplete(answer -> count(call, selection, answer, texts), e -> failed(call, e));
  }

  /**
   * The number of rows travels in every Response, so they are counted first, at the commit that is
   * read.
   */
  private void count(Call call, Selection selection, AnswerStream answer, Responses texts) {
    call.cleanup(answer::close);
    if (call.isDone()) {
      return;
    }
    Future<NodeApi.Counted> counted =
        answer.peers().isEmpty()
            ? Inbound.attempt(() -> node.count(selection, answer.header().commit()))
            : Future.succeededFuture(new NodeApi.Counted(0, 0)); // not known beforehand
    counted.onComplete(
        total -> {
          int rows = (int) Math.min(Integer.MAX_VALUE, total.rows());
          Outbound.pump(call, answer, batch -> texts.of(batch.rows(), rows));
        },
        call::fail);
  }

  /**
   * What the request did wrong is told in a Response, as clients of 2018 expect; all else is a
   * status.
   */
  private static void failed(Call call, Throwable failure) {
    if (failure instanceof ApiException e && e.reason() == ApiException.Reason.INVALID) {
      call.write(Response.newBuilder().setCode(StatusCode.Failed).setMsg(e.getMessage()).build());
      call.end();
    } else {
      call.fail(failure);
    }
  }

  /** Makes Responses of batches. Used by one thread at a time. */
  private static final class Responses {
    private final BatchWriter writer;
    private final ByteBuilder text = new ByteBuilder(ROWS_MAX * ROW_BYTES_GUESS);

    Responses(BatchWriter writer) {
      this.writer = writer;
    }

    List<Buffer> of(ObservationBatch batch, int total) {
      var responses = new ArrayList<Buffer>();
      for (int from = 0; from < batch.rows(); from += ROWS_MAX) {
        split(batch, from, Math.min(batch.rows(), from + ROWS_MAX), total, responses);
      }
      return responses;
    }

    /** One Response, or several when rows are long. */
    private void split(
        ObservationBatch batch, int from, int to, int total, List<Buffer> responses) {
      text.clear();
      writer.rows(batch, from, to, text);
      if (text.size() > TEXT_BYTES_MAX && to - from > 1) {
        int middle = (from + to) / 2;
        split(batch, from, middle, total, responses);
        split(batch, middle, to, total, responses);
      } else {
        responses.add(response(total));
      }
    }

    private Buffer response(int total) {
      ByteString data = UnsafeByteOperations.unsafeWrap(text.array(), 0, text.size());
      var response =
          Response.newBuilder()
              .setCode(StatusCode.Ok)
              .setMetaData(MetaData.newBuilder().setNumOfFragment(total))
              .setDatFragment(DatFragment.newBuilder().setData(data));
      return Buffer.buffer(response.build().toByteArray());
    }
  }
}
