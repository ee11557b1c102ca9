package org.mesohub.node;

import io.vertx.core.Future;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.mesohub.api.AnswerStream;
import org.mesohub.api.PeerOutcome;
import org.mesohub.query.AnswerBatch;
import org.mesohub.query.AnswerHeader;
import org.mesohub.query.AnswerSources;

/** An answer whose failures are told as {@link org.mesohub.api.ApiException}s. */
record ToldAnswer(AnswerStream answer) implements AnswerStream {
  @Override
  public AnswerHeader header() {
    return answer.header();
  }

  @Override
  public <T> Future<@Nullable T> next(Function<AnswerBatch, T> encode) {
    return LocalNode.told(answer.next(encode));
  }

  @Override
  public AnswerSources sources() {
    return answer.sources();
  }

  @Override
  public List<PeerOutcome> peers() {
    return answer.peers();
  }

  @Override
  public void close() {
    answer.close();
  }
}
