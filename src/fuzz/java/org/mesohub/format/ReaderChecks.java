package org.mesohub.format;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.mesohub.observation.ColumnVector;
import org.mesohub.observation.ObservationBatch;
import org.mesohub.observation.StationKey;
import org.mesohub.observation.TimeRange;

/** What every reader promises for any bytes whatever. */
final class ReaderChecks {
  /** Small, so that a few rows already cross batches. */
  private static final ReaderOptions OPTIONS = new ReaderOptions(3, "default");

  private ReaderChecks() {}

  /**
   * Reads the bytes whole and in pieces of some sizes: both must give the same rows and rejects, or
   * fail alike, and nothing but {@link FormatException} may come out.
   */
  static void readsAlikeInPieces(byte[] input) {
    List<String> whole = read(input, input.length);
    for (int piece : new int[] {1, 7, 64}) {
      List<String> pieces = read(input, piece);
      if (!whole.equals(pieces)) {
        throw new AssertionError(
            "in pieces of " + piece + ":\n" + pieces + "\nbut whole:\n" + whole);
      }
    }
  }

  private static List<String> read(byte[] input, int piece) {
    var sink = new Collected();
    String end = "end";
    try {
      FormatReader reader = FormatReaders.detect(OPTIONS, sink);
      for (int at = 0; at < input.length; at += piece) {
        byte[] copy = Arrays.copyOfRange(input, at, Math.min(input.length, at + piece));
        reader.feed(copy, 0, copy.length);
        Arrays.fill(copy, (byte) '#');
      }
      reader.finish();
    } catch (FormatException e) {
      if (e.getMessage().isBlank()) {
        throw new AssertionError("a failure without a message", e);
      }
      // How far a reader came before it failed depends on the pieces, the failure itself does not.
      return List.of("failed");
    }
    return told(sink, end);
  }

  /** The messages of a put of the 2018 contract; nothing may be thrown at all. */
  static List<String> messages(Consumer<ContractText> feed) {
    var sink = new Collected();
    var text = new ContractText(OPTIONS, sink);
    feed.accept(text);
    text.finish();
    return told(sink, "end");
  }

  private static List<String> told(Collected sink, String end) {
    sink.batches.forEach(ReaderChecks::valid);
    var told = new ArrayList<>(sink.rows());
    for (Reject reject : sink.rejects) {
      if (reject.text().length > Reject.TEXT_BYTES_MAX || reject.reason().isBlank()) {
        throw new AssertionError("reject of line " + reject.line() + ": " + reject.reason());
      }
      told.add(reject.line() + " " + reject.reason() + " " + reject.string());
    }
    sink.stations.forEach(
        station -> {
          valid(station.key());
          told.add(station.toString());
        });
    told.add(end);
    return told;
  }

  private static void valid(ObservationBatch batch) {
    batch.stations().forEach(ReaderChecks::valid);
    for (int row = 0; row < batch.rows(); row++) {
      if (!TimeRange.ALL.contains(batch.timeMicros()[row])) {
        throw new AssertionError("time " + batch.timeMicros()[row] + " is outside of the store's");
      }
    }
    for (ColumnVector vector : batch.columns()) {
      for (int row = 0; row < batch.rows(); row++) {
        boolean endless =
            vector instanceof ColumnVector.Floats floats
                && vector.states()[row] >= 0
                && !Float.isFinite(floats.values()[row]);
        if (endless) {
          throw new AssertionError("a cell is no finite number: " + Collected.cell(vector, row));
        }
      }
    }
  }

  private static void valid(StationKey key) {
    if (bytes(key.network()) > StationKey.ID_BYTES_MAX
        || bytes(key.station()) > StationKey.ID_BYTES_MAX
        || key.station().isEmpty()) {
      throw new AssertionError("station key " + key + " breaks the limits of ids");
    }
  }

  private static int bytes(String id) {
    return id.getBytes(java.nio.charset.StandardCharsets.UTF_8).length;
  }
}
