package org.mesohub.forward;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.mesohub.api.AnswerStream;
import org.mesohub.api.PeerOutcome;
import org.mesohub.observation.TimeRange;
import org.mesohub.query.AnswerBatch;
import org.mesohub.query.AnswerCheck;
import org.mesohub.query.AnswerHeader;
import org.mesohub.query.AnswerMerge.Order;
import org.mesohub.query.AnswerSources;
import org.mesohub.routing.DaysPart;

/** The rows of a stamped answer that are of some parts, and where these come from. */
final class PartsAnswer implements AnswerStream {
  private final AnswerStream answer;
  private final AnswerCheck check;
  private final AnswerSources sources = new AnswerSources();

  /**
   * @param parts none: everything
   * @param denied networks that are left out
   */
  PartsAnswer(AnswerStream answer, Order order, List<DaysPart> parts, Set<String> denied) {
    this.answer = answer;
    this.check =
        new AnswerCheck(
            order,
            TimeRange.ALL,
            (day, network) -> !denied.contains(network) && has(parts, day, network));
  }

  private static boolean has(List<DaysPart> parts, int day, String network) {
    if (parts.isEmpty()) {
      return true;
    }
    for (DaysPart part : parts) {
      if (day <= part.lastDay()) {
        return day >= part.firstDay()
            && (part.networks().isEmpty() || part.networks().contains(network));
      }
    }
    return false;
  }

  @Override
  public AnswerHeader header() {
    return answer.header();
  }

  private record Encoded<T>(@Nullable T value) {}

  @Override
  public <T> Future<@Nullable T> next(Function<AnswerBatch, T> encode) {
    Promise<@Nullable T> promise = Promise.promise();
    step(encode, promise);
    return promise.future();
  }

  /** One batch after another, until there are rows of the parts. */
  private <T> void step(Function<AnswerBatch, T> encode, Promise<@Nullable T> promise) {
    answer
        .next(
            batch -> {
              AnswerBatch wanted = check.wanted(batch);
              if (wanted != null) {
                sources.add(wanted.compact().origins());
              }
              return new Encoded<T>(wanted == null ? null : encode.apply(wanted));
            })
        .onComplete(
            encoded -> {
              if (encoded != null && encoded.value() == null) {
                step(encode, promise);
              } else {
                promise.tryComplete(encoded == null ? null : encoded.value());
              }
            },
            promise::tryFail);
  }

  @Override
  public AnswerSources sources() {
    return sources;
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
