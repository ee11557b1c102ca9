package org.mesohub.grpc;

import static org.mesohub.grpc.Invalid.invalid;

import io.vertx.core.Future;
import org.mesohub.api.ApiException;
import org.mesohub.api.NodeApi;
import org.mesohub.api.PutOptions;
import org.mesohub.api.PutOutcome;
import org.mesohub.api.PutSession;
import org.mesohub.proto.contract.Request;
import org.mesohub.proto.contract.Response;
import org.mesohub.proto.contract.StatusCode;

/** {@code putHandler} of the 2018 contract: one stream is one put. */
final class ContractPut {
  private final NodeApi node;

  ContractPut(NodeApi node) {
    this.node = node;
  }

  void handle(Call call) {
    PutSession session = node.put(PutOptions.plain(call.principal().name()));
    call.cleanup(session::cancel);
    Inbound.feed(
        call,
        bytes -> message(session, bytes).recover(failure -> told(call, failure)),
        () ->
            session
                .finish()
                .onComplete(outcome -> stored(call, outcome), failure -> told(call, failure)));
  }

  private static Future<Void> message(PutSession session, Inbound.Bytes bytes) {
    try {
      Request request = Inbound.parse(Request.parser(), bytes);
      if (!request.hasPutRequest()) {
        throw invalid(
            "putHandler: a message without the payload putRequest came; nothing was stored");
      }
      return session.message(request.getPutRequest().getDatFragment().getData().toByteArray());
    } catch (RuntimeException e) {
      return Future.failedFuture(e);
    }
  }

  /**
   * What the request did wrong is told in a Response, as clients of 2018 expect; all else is a
   * status.
   */
  private static Future<Void> told(Call call, Throwable failure) {
    if (failure instanceof ApiException e && e.reason() == ApiException.Reason.INVALID) {
      call.end(Response.newBuilder().setCode(StatusCode.Failed).setMsg(e.getMessage()).build());
    } else {
      call.fail(failure);
    }
    return Future.succeededFuture();
  }

  private static void stored(Call call, PutOutcome outcome) {
    call.metrics().put(outcome, false);
    long taken = outcome.stored() + outcome.unchanged() + outcome.corrected();
    boolean nothingTaken = outcome.rejected() > 0 && taken == 0;
    var msg = new StringBuilder();
    msg.append(outcome.stored()).append(" stored, ");
    msg.append(outcome.unchanged()).append(" unchanged, ");
    msg.append(outcome.corrected()).append(" corrected, ");
    msg.append(outcome.rejected()).append(" rejected");
    if (!outcome.firstRejects().isEmpty()) {
      var first = outcome.firstRejects().get(0);
      msg.append(" (line ").append(first.line()).append(": ").append(first.reason());
      msg.append("; put id ").append(outcome.putId()).append(')');
    }
    call.end(
        Response.newBuilder()
            .setCode(nothingTaken ? StatusCode.Failed : StatusCode.Ok)
            .setMsg(msg.toString())
            .build());
  }
}
