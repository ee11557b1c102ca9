package org.mesohub.format;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/** Station lists, and the CSV with a heading of its own columns. */
class StationListFuzz {
  private static final String TABLE =
      """
      primary id,secondary id,station name,state,country,latitude,longitude,elevation,mesowest network id,network name,status,primary provider id,primary provider,secondary provider id,secondary provider,tertiary provider id,tertiary provider,wims_id;
      KIYA,,Abbeville Chris Crusta Memorial Airport,LA,US,29.97578,-92.08422,4.9,1,NWS/FAA,ACTIVE,2,National Weather Service,,,,,;
      """;
  private static final String CATALOG =
      """
      # id,name,mesonet,lat,lon,elevation,agl,cit,state,country,active
      A1,Some place, with commas,APRSWXNET,40.1,-111.9,-9999.0,2.0,null,UT,US,true
      """;
  private static final String OWN =
      """
      network,station,time,TMPF,SELV,air_temperature[K]@2#1/60s!float32,present_weather_text[]!text
      8,"A,""B",2018-03-16T22:10:00Z,-35.60,,271.15,"-RA ""x"", BR"
      """;

  static Stream<byte[]> seeds() {
    return Stream.of(TABLE, CATALOG, OWN).map(text -> text.getBytes(StandardCharsets.UTF_8));
  }

  @MethodSource("seeds")
  @FuzzTest
  void any_bytes_are_stations_rows_rejects_or_a_format_exception(byte[] input) {
    ReaderChecks.readsAlikeInPieces(input);
  }
}
