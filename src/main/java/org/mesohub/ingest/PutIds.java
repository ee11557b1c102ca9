package org.mesohub.ingest;

import java.security.SecureRandom;
import java.util.function.LongSupplier;

/**
 * Ids of puts: 26 characters of Crockford's base 32, 48 bits of time in milliseconds, then 80
 * random bits; so they sort by time.
 */
final class PutIds {
  private static final char[] ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ".toCharArray();

  private final SecureRandom random = new SecureRandom();
  private final LongSupplier clockMicros;

  PutIds(LongSupplier clockMicros) {
    this.clockMicros = clockMicros;
  }

  String next() {
    long millis = clockMicros.getAsLong() / 1_000;
    var id = new char[26];
    for (int i = 9; i >= 0; i--) {
      id[i] = ALPHABET[(int) (millis & 31)];
      millis >>>= 5;
    }
    var drawn = new byte[16];
    random.nextBytes(drawn);
    for (int i = 10; i < 26; i++) {
      id[i] = ALPHABET[drawn[i - 10] & 31];
    }
    return new String(id);
  }
}
