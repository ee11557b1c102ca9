package org.mesohub.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.mesohub.observation.ObservationBatch;
import org.mesohub.observation.StationKey;

class NetworkRulesTest {
  private static final NetworkRules RULES =
      new NetworkRules("default", Map.of("KSL-MESO", "8"), Map.of());

  @Test
  void aliasedStationsJoinThoseOfTheNetworkMeant() {
    ObservationBatch read =
        batch(
            List.of(
                new StationKey("8", "A"),
                new StationKey("1", "A"),
                new StationKey("KSL-MESO", "A")),
            0,
            1,
            2,
            0);

    ObservationBatch canonical = RULES.canonical(read);

    assertThat(canonical.stations())
        .containsExactly(new StationKey("8", "A"), new StationKey("1", "A"));
    assertThat(canonical.station()).startsWith(0, 1, 0, 0);
    assertThat(canonical.timeMicros()).isSameAs(read.timeMicros());
  }

  @Test
  void rowsWithoutAliasesAreLeftAsTheyAre() {
    ObservationBatch read = batch(List.of(new StationKey("1", "A")), 0, 0);

    assertThat(RULES.canonical(read)).isSameAs(read);
  }

  private static ObservationBatch batch(List<StationKey> stations, int... station) {
    return new ObservationBatch(
        station.length, stations, station, new long[station.length], List.of());
  }
}
