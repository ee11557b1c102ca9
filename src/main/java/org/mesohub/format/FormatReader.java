package org.mesohub.format;

/**
 * A parser that is fed bytes as they arrive, in pieces of any size, and hands rows to its {@link
 * RowSink} as soon as a batch is full. Not thread-safe: one caller at a time. After an exception
 * the reader is dead: it must not be fed again and gives nothing more. Exceptions of the sink pass
 * through.
 */
public interface FormatReader {
  /**
   * Takes the next bytes; the array may be reused after the call.
   *
   * @throws FormatException when the input as a whole cannot be read
   */
  void feed(byte[] buf, int off, int len);

  /**
   * Says that the input has ended; hands over what is left.
   *
   * @throws FormatException when the input ended too early or was empty
   */
  void finish();

  /**
   * Name of the format that was detected, {@code mesowest}, {@code csv} or {@code station-list};
   * empty before it is known.
   */
  String format();
}
