package org.mesohub.catalog;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.mesohub.proto.internal.v1.Token;
import org.mesohub.proto.internal.v1.TokenRecord;
import org.mesohub.segment.ChunkId;

/**
 * The put tokens of at least the last day, so that a repeated put gets its first answer again.
 * Immutable.
 *
 * <p>A token that has left the window leaves a mark for its client; a sequence at or below it that
 * is not in the window is expired and does not run as new, for as long as marks are kept.
 *
 * <p>Tokens are in few sorted runs, each at least twice as long as the next, so that one more costs
 * little and a million take about a hundred megabytes. How they are spread over runs never shows in
 * an answer: replicas that restored a snapshot have them spread otherwise.
 */
public final class TokenWindow {
  /** How long a token is remembered, by leader-stamped time, microseconds. */
  public static final long KEPT_MICROS = 24L * 3600 * 1_000_000;

  /**
   * How long a client's mark is kept after its token, microseconds: many clients are a command that
   * runs once and never again.
   */
  public static final long MARKS_KEPT_MICROS = 30 * KEPT_MICROS;

  /** Most tokens remembered; a put with a token beyond that is refused until some have expired. */
  public static final int TOKENS_MAX = 1_000_000;

  static final TokenWindow EMPTY = empty(TOKENS_MAX);

  /** What the window says of a token. */
  public sealed interface Verdict {
    /** Never seen. */
    record New() implements Verdict {}

    /** Done before with the same content. */
    record Replay(TokenRecord record) implements Verdict {}

    /** Done before with other content. */
    record OtherContent() implements Verdict {}

    /** Too old to tell. */
    record Expired() implements Verdict {}

    /** The window is full. */
    record Full() implements Verdict {}
  }

  private final List<TokenRun> runs;

  /** Tokens up to this time have left. */
  private final long cut;

  private final int tokensMax;

  private TokenWindow(List<TokenRun> runs, long cut, int tokensMax) {
    this.runs = runs;
    this.cut = cut;
    this.tokensMax = tokensMax;
  }

  static TokenWindow empty(int tokensMax) {
    return new TokenWindow(List.of(), Long.MIN_VALUE, tokensMax);
  }

  /** What is known of a token with some content. */
  public Verdict check(String client, long sequence, ChunkId content) {
    TokenKey key = TokenKey.of(client, sequence);
    boolean expired = false;
    for (TokenRun run : runs) {
      int at = run.find(key);
      if (at >= 0 && run.timeMicros(at) > cut) {
        return run.hasContent(at, content.hash())
            ? new Verdict.Replay(record(run.answer(at)))
            : new Verdict.OtherContent();
      }
      expired |= isMarked(run, at < 0 ? -at - 1 : at, key);
    }
    if (expired) {
      return new Verdict.Expired();
    }
    return size() >= tokensMax ? new Verdict.Full() : new Verdict.New();
  }

  /** Whether a token of the client that has left has this sequence or a higher one. */
  private boolean isMarked(TokenRun run, int from, TokenKey key) {
    for (int at = from; at < run.size() && run.key(at).isSameClient(key); at++) {
      if (run.timeMicros(at) <= cut && run.timeMicros(at) > forgotten()) {
        return true;
      }
    }
    return false;
  }

  private long forgotten() {
    return cut < Long.MIN_VALUE + MARKS_KEPT_MICROS ? Long.MIN_VALUE : cut - MARKS_KEPT_MICROS;
  }

  /** Number of tokens remembered. */
  public int size() {
    return runs.stream().mapToInt(run -> run.size() - run.upTo(cut)).sum();
  }

  /** Heap taken, about. */
  long bytes() {
    return runs.stream().mapToLong(TokenRun::bytes).sum();
  }

  TokenWindow plus(TokenRecord record) {
    Token token = record.getToken();
    byte[] content = token.getContent().toByteArray();
    byte[] answer =
        record.toBuilder().clearToken().clearTimeUs().clearClientHash().build().toByteArray();
    return plus(
        new TokenRun.Item(
            record.getClientHash().isEmpty()
                ? TokenKey.of(token.getClient(), token.getSequence())
                : TokenKey.of(record.getClientHash().toByteArray(), token.getSequence()),
            content.length == 0 ? content : Arrays.copyOf(content, TokenKey.HASH_BYTES),
            record.getTimeUs(),
            answer));
  }

  private TokenWindow plus(TokenRun.Item item) {
    List<TokenRun> next = new ArrayList<>(runs);
    next.add(TokenRun.of(item));
    while (next.size() > 1 && longer(next, 2) < 2 * longer(next, 1)) {
      TokenRun last = next.remove(next.size() - 1);
      TokenRun before = next.remove(next.size() - 1);
      next.add(TokenRun.merge(before, last, cut, forgotten()));
    }
    return new TokenWindow(List.copyOf(next), cut, tokensMax);
  }

  private static long longer(List<TokenRun> runs, int fromEnd) {
    return runs.get(runs.size() - fromEnd).size();
  }

  /** Without the tokens that have left the window at a time. */
  TokenWindow expire(long nowMicros) {
    long newCut = Math.max(cut, nowMicros - KEPT_MICROS);
    var expired = new TokenWindow(runs, newCut, tokensMax);
    List<TokenRun> next = new ArrayList<>();
    boolean shrunk = false;
    for (TokenRun run : runs) {
      // Rewritten only when much has left since, or each commit would rewrite a long run.
      boolean much =
          run.upTo(newCut) - run.marks() > run.size() / 2
              || run.upTo(expired.forgotten()) > run.size() / 2;
      TokenRun kept = much ? run.without(newCut, expired.forgotten()) : run;
      shrunk |= much;
      if (kept.size() > 0) {
        next.add(kept);
      }
    }
    return shrunk ? new TokenWindow(List.copyOf(next), newCut, tokensMax) : expired;
  }

  TokenWindow withExpired(String client, long upTo, long nowMicros) {
    return plus(
        new TokenRun.Item(
            TokenKey.of(client, upTo), new byte[0], nowMicros - KEPT_MICROS, new byte[0]));
  }

  /**
   * Records, oldest first, with the hash of the client in place of its name: the same for windows
   * that say the same.
   */
  List<TokenRecord> oldestFirst() {
    TokenRun all = TokenRun.none();
    for (TokenRun run : runs) {
      all = TokenRun.merge(all, run, cut, forgotten());
    }
    List<TokenRecord> records = new ArrayList<>();
    for (TokenRun.Item item : all.oldestFirst(cut)) {
      records.add(
          record(item.answer()).toBuilder()
              .setToken(
                  Token.newBuilder()
                      .setSequence(item.key().sequence())
                      .setContent(ByteString.copyFrom(item.content())))
              .setClientHash(ByteString.copyFrom(item.key().clientHash()))
              .setTimeUs(item.timeMicros())
              .build());
    }
    return records;
  }

  private static TokenRecord record(byte[] answer) {
    try {
      return TokenRecord.parseFrom(answer);
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException("a token's answer in memory is damaged", e);
    }
  }
}
