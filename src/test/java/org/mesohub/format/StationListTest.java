package org.mesohub.format;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.mesohub.observation.Decimal;
import org.mesohub.observation.StationKey;

class StationListTest {
  @Test
  void a_real_list_is_read_whole_with_commas_in_names() {
    Collected all = Collected.of(RealFiles.read(RealFiles.STATIONS));

    assertThat(all.rejects).isEmpty();
    assertThat(all.stations).hasSize(6_362);
    assertThat(all.stations.get(0).name()).isEqualTo("Urbana, IL");
    assertThat(all.stations.get(0).latitude()).hasToString("40.099998474121094");
    assertThat(all.stations).filteredOn(s -> s.name().contains(",")).hasSize(450);
  }

  @Test
  void catalog_rows_are_counted_from_the_right() {
    Collected all =
        Collected.of(
            "# id,name,mesonet,lat,lon,elevation,agl,cit,state,country,active\n"
                + "X1,A, \"B\" C,D,RAWS,40.5,-88.25,-9999.0,-9999.0,null,IL,null,true\n"
                + "X2,A,RAWS\n"
                + "X3,A,RAWS,north,-88.25,1.0,-9999.0,null,IL,null,false");

    assertThat(all.stations)
        .containsExactly(
            new StationRecord(
                new StationKey("RAWS", "X1"),
                "A, \"B\" C,D",
                "IL",
                "",
                new Decimal(405, 1),
                new Decimal(-8825, 2),
                null,
                "RAWS",
                "ACTIVE"));
    assertThat(all.reasons())
        .containsExactly(
            "station row has 3 fields, expected 11", "latitude 'north' is not a number");
  }

  @Test
  void the_mesowest_list_is_read() {
    Collected all =
        Collected.of(
            "primary id,secondary id,station name,state,country,latitude,longitude,elevation,mesowest network id,network name,status,primary provider id,primary provider,secondary provider id,secondary provider,tertiary provider id,tertiary provider,wims_id;\n"
                + "KIYA,,Abbeville Chris Crusta Memorial Airport,LA,US,29.97578,-92.08422,4.9,1,NWS/FAA,ACTIVE,2,National Weather Service,,,,,;\n"
                + "XX1,,Here, there,LA,US,29.9,-92.0,,1,NWS/FAA,INACTIVE,2,Service,,,,,;\n");

    assertThat(all.rejects).isEmpty();
    assertThat(all.stations.get(0))
        .isEqualTo(
            new StationRecord(
                new StationKey("1", "KIYA"),
                "Abbeville Chris Crusta Memorial Airport",
                "LA",
                "US",
                new Decimal(2_997_578, 5),
                new Decimal(-9_208_422, 5),
                new Decimal(49, 1),
                "NWS/FAA",
                "ACTIVE"));
    assertThat(all.stations.get(1).name()).isEqualTo("Here, there");
    assertThat(all.stations.get(1).elevation()).isNull();
  }

  @Test
  void ids_of_more_than_64_bytes_are_rejected_of_stations_and_of_networks() {
    String fits = "é".repeat(32);
    Collected all =
        Collected.of(
            "# id,name,mesonet,lat,lon,elevation,agl,cit,state,country,active\n"
                + row(fits, fits)
                + row(fits + "x", "RAWS")
                + row("X1", fits + "x"));

    assertThat(all.stations)
        .extracting(StationRecord::key)
        .containsExactly(new StationKey(fits, fits));
    assertThat(all.reasons())
        .containsExactly(
            "station id is empty or longer than 64 bytes", "network is longer than 64 bytes");
  }

  private static String row(String id, String network) {
    return id + ",Name," + network + ",40.5,-88.25,1.0,-9999.0,null,IL,null,true\n";
  }
}
