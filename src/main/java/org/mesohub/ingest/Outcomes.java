package org.mesohub.ingest;

import com.google.protobuf.ByteString;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.mesohub.api.ApiException;
import org.mesohub.api.PutOptions;
import org.mesohub.api.PutOutcome;
import org.mesohub.catalog.TokenWindow;
import org.mesohub.proto.internal.v1.Put;
import org.mesohub.proto.internal.v1.Token;
import org.mesohub.proto.internal.v1.TokenRecord;
import org.mesohub.segment.ChunkId;

/** Outcomes of puts: as answered, as remembered, as refused. */
final class Outcomes {
  /** Rejects that travel with the answer. */
  private static final int FIRST_REJECTS_MAX = 20;

  private Outcomes() {}

  static PutOutcome of(PutInfo info, PutTally tally, long commit) {
    return new PutOutcome(
        tally.stored(),
        tally.unchanged(),
        tally.corrected(),
        info.rejected(),
        tally.future(),
        commit,
        info.putId(),
        info.format(),
        false,
        info.stations(),
        info.days(),
        info.firstRejects().subList(0, Math.min(FIRST_REJECTS_MAX, info.firstRejects().size())));
  }

  static org.mesohub.proto.internal.v1.PutOutcome toProto(PutInfo info, PutTally tally) {
    return org.mesohub.proto.internal.v1.PutOutcome.newBuilder()
        .setStored(tally.stored())
        .setUnchanged(tally.unchanged())
        .setCorrected(tally.corrected())
        .setRejected(info.rejected())
        .setFuture(tally.future())
        .setPutId(info.putId())
        .setFormat(info.format())
        .setStations(info.stations())
        .setDays(info.days())
        .build();
  }

  /** A put as the log remembers it. */
  static Put put(PutInfo info, PutTally tally) {
    var put = Put.newBuilder().setOutcome(toProto(info, tally));
    PutOptions.Token token = info.options().token();
    if (token != null) {
      ChunkId content =
          Objects.requireNonNull(info.content(), "a put with a token has its bytes hashed");
      put.setToken(
          Token.newBuilder()
              .setClient(token.client())
              .setSequence(token.sequence())
              .setContent(ByteString.copyFrom(content.hash())));
    }
    return put.build();
  }

  static PutOutcome replayed(TokenRecord record) {
    var first = record.getOutcome();
    return new PutOutcome(
        first.getStored(),
        first.getUnchanged(),
        first.getCorrected(),
        first.getRejected(),
        first.getFuture(),
        first.getCommit(),
        first.getPutId(),
        first.getFormat(),
        true,
        first.getStations(),
        first.getDays(),
        List.of());
  }

  /** Why a token does not let its put run; null when it does. */
  static @Nullable ApiException refusal(TokenWindow.Verdict verdict, PutOptions.Token token) {
    String name = "token (" + token.client() + ", " + token.sequence() + ")";
    if (verdict instanceof TokenWindow.Verdict.OtherContent) {
      return new ApiException(
          ApiException.Reason.TOKEN_CONFLICT,
          name + " was used with other content; use a higher sequence for a new put");
    }
    if (verdict instanceof TokenWindow.Verdict.Expired) {
      return new ApiException(
          ApiException.Reason.TOKEN_EXPIRED,
          name
              + " is older than the puts remembered (24 hours); check what is stored, then use a"
              + " higher sequence");
    }
    if (verdict instanceof TokenWindow.Verdict.Full) {
      return new ApiException(
          ApiException.Reason.OVERLOADED,
          "more than "
              + TokenWindow.TOKENS_MAX
              + " puts with tokens in 24 hours; try again later, or put more rows at once");
    }
    return null;
  }
}
