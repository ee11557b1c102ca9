package org.mesohub.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.mesohub.observation.ObservationBatch;
import org.mesohub.observation.SharedStations;

class KnownStationsTest {
  private static final String HEAD = " PARM = MNET;TMPF\n\n STN YYMMDD/HHMM MNET TMPF\n";

  @Test
  void a_reader_that_knows_stations_reads_what_one_reads_that_knows_none() {
    for (int seed = 0; seed < 40; seed++) {
      var random = new Random(seed);
      KnownStations known = KnownStations.lasting("default");
      for (int file = 0; file < 5; file++) {
        byte[] text = file(random).getBytes(StandardCharsets.UTF_8);
        var fresh = new ReaderOptions(1 + random.nextInt(40), "default");

        Collected expected = Collected.of(fresh, reader -> reader.feed(text, 0, text.length));
        Collected got =
            Collected.of(fresh.withKnown(known), reader -> reader.feed(text, 0, text.length));

        assertThat(got.rows()).as("seed %d", seed).isEqualTo(expected.rows());
        assertThat(got.reasons()).as("seed %d", seed).isEqualTo(expected.reasons());
        for (ObservationBatch batch : got.batches) {
          assertThat(batch.stations()).as("seed %d", seed).doesNotHaveDuplicates();
          assertThat(new HashSet<>(batch.stations()))
              .as("seed %d: stations of other batches", seed)
              .hasSize((int) rowStations(batch));
        }
      }
    }
  }

  private static long rowStations(ObservationBatch batch) {
    return java.util.Arrays.stream(batch.station(), 0, batch.rows()).distinct().count();
  }

  /** Stations in much the same order every time; networks in several spellings, some bad. */
  private static String file(Random random) {
    String[] networks = {"8.00", "8.0", "8", "-9999.00", "1.50", "x", ""};
    var text = new StringBuilder(HEAD);
    for (int station = 0; station < 60; station++) {
      int picked = random.nextInt(5) == 0 ? random.nextInt(60) : station;
      String id = picked % 20 == 19 ? "Z\u00fc" + picked : picked % 20 == 18 ? "A B" : "K" + picked;
      int padding = 9 - id.getBytes(StandardCharsets.UTF_8).length;
      text.append(" ".repeat(padding)).append(id);
      text.append("20180316/22%02d ".formatted(random.nextInt(60)));
      text.append("%9s%9.2f%n".formatted(networks[random.nextInt(7)], random.nextDouble() * 90));
    }
    return text.toString();
  }

  @Test
  void keys_are_those_that_open_chunks_share() {
    KnownStations known = KnownStations.lasting("default");
    byte[] text = "KSLC8".getBytes(StandardCharsets.UTF_8);
    int number = known.number(text, 0, 4, 4, 5, true);
    assertThat(known.key(number)).isSameAs(SharedStations.current().key("8", text, 0, 4));
  }

  @Test
  void stations_known_for_another_default_network_are_refused() {
    var options = new ReaderOptions(10, "a");
    assertThatThrownBy(() -> options.withKnown(KnownStations.lasting("b")))
        .hasMessageContaining("default network");
  }
}
