package org.mesohub.catalog;

import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.mesohub.proto.internal.v1.TokenRecord;
import org.mesohub.segment.ChunkId;
import org.pcollections.HashTreePMap;
import org.pcollections.PMap;
import org.pcollections.TreePMap;

/**
 * The put tokens of at least the last day, so that a repeated put gets its first answer again.
 * Immutable.
 *
 * <p>A token that has left the window raises its client's expiry mark; a sequence at or below the
 * mark that is not in the window is expired and must never run as new.
 */
public final class TokenWindow {
  /** How long a token is remembered, by leader-stamped time, microseconds. */
  public static final long KEPT_MICROS = 24L * 3600 * 1_000_000;

  /** Most tokens remembered; a put with a token beyond that is refused until some have expired. */
  public static final int TOKENS_MAX = 1_000_000;

  static final TokenWindow EMPTY =
      new TokenWindow(HashTreePMap.empty(), TreePMap.empty(), HashTreePMap.empty(), 0);

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

  private record Key(String client, long sequence) {}

  private final PMap<Key, TokenRecord> records;
  private final TreePMap<Long, Key> byAge;
  private final PMap<String, Long> expiredUpTo;
  private final long nextAge;

  private TokenWindow(
      PMap<Key, TokenRecord> records,
      TreePMap<Long, Key> byAge,
      PMap<String, Long> expiredUpTo,
      long nextAge) {
    this.records = records;
    this.byAge = byAge;
    this.expiredUpTo = expiredUpTo;
    this.nextAge = nextAge;
  }

  /** What is known of a token with some content. */
  public Verdict check(String client, long sequence, ChunkId content) {
    TokenRecord record = records.get(new Key(client, sequence));
    if (record != null) {
      boolean same = ChunkId.ofHash(record.getToken().getContent().toByteArray()).equals(content);
      return same ? new Verdict.Replay(record) : new Verdict.OtherContent();
    }
    Long mark = expiredUpTo.get(client);
    if (mark != null && sequence <= mark) {
      return new Verdict.Expired();
    }
    return records.size() >= TOKENS_MAX ? new Verdict.Full() : new Verdict.New();
  }

  /** Number of tokens remembered. */
  public int size() {
    return records.size();
  }

  TokenWindow plus(TokenRecord record) {
    var key = new Key(record.getToken().getClient(), record.getToken().getSequence());
    return new TokenWindow(
        records.plus(key, record), byAge.plus(nextAge, key), expiredUpTo, nextAge + 1);
  }

  /** Without the tokens that have left the window at a time. */
  TokenWindow expire(long nowMicros) {
    TokenWindow window = this;
    while (!window.byAge.isEmpty()) {
      Map.Entry<Long, Key> oldest = window.byAge.firstEntry();
      Key key = oldest.getValue();
      TokenRecord record = window.records.get(key);
      if (record != null && record.getTimeUs() > nowMicros - KEPT_MICROS) {
        return window;
      }
      window =
          new TokenWindow(
              window.records.minus(key),
              window.byAge.minus(oldest.getKey()),
              window.expiredUpTo.plus(key.client, max(window.expiredUpTo.get(key.client), key)),
              window.nextAge);
    }
    return window;
  }

  private static long max(@Nullable Long mark, Key key) {
    return mark == null ? key.sequence : Math.max(mark, key.sequence);
  }

  TokenWindow withExpired(String client, long upTo) {
    return new TokenWindow(records, byAge, expiredUpTo.plus(client, upTo), nextAge);
  }

  /** Records, oldest first. */
  Iterable<TokenRecord> oldestFirst() {
    return () ->
        byAge.values().stream()
            .map(key -> Optional.ofNullable(records.get(key)).orElseThrow())
            .iterator();
  }

  Map<String, Long> expiredMarks() {
    return expiredUpTo;
  }
}
