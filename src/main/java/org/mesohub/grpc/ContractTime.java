package org.mesohub.grpc;

import static org.mesohub.grpc.Invalid.invalid;

import java.time.DateTimeException;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.ResolverStyle;
import java.util.Locale;
import org.mesohub.observation.TimeRange;

/** Instants as the 2018 contract writes them. */
final class ContractTime {
  private static final DateTimeFormatter FORM =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss", Locale.ROOT)
          .withResolverStyle(ResolverStyle.STRICT);

  private ContractTime() {}

  /** Microseconds of {@code yyyy-MM-dd HH:mm:ss}, UTC. Fails as INVALID with the field's name. */
  static long parse(String field, String text) {
    try {
      return LocalDateTime.parse(text.strip(), FORM).toEpochSecond(ZoneOffset.UTC) * 1_000_000;
    } catch (DateTimeException e) {
      throw invalid(
          field + ": \"" + text + "\" is no time, write it as yyyy-MM-dd HH:mm:ss in UTC");
    }
  }

  /** {@code [from, to)}, cut to what the store can hold. */
  static TimeRange range(String from, String to) {
    return new TimeRange(parse("from_utc", from), parse("to_utc", to)).intersect(TimeRange.ALL);
  }
}
