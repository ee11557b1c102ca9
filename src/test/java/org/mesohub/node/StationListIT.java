package org.mesohub.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.grpc.common.GrpcStatus;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mesohub.config.History;
import org.mesohub.node.OracleWorld.Key;
import org.mesohub.node.OracleWorld.Row;
import org.mesohub.proto.v1.BoundingBox;
import org.mesohub.proto.v1.ObservationServiceGrpcClient;
import org.mesohub.proto.v1.PutResponse;
import org.mesohub.proto.v1.QueryRequest;
import org.mesohub.proto.v1.StationInfo;
import org.mesohub.proto.v1.StationsRequest;

/** Station lists in a whole node: put like any file, shown by Stations. */
class StationListIT {
  private static final String HEADING =
      "primary id,secondary id,station name,state,country,latitude,longitude,elevation,"
          + "mesowest network id,network name,status,primary provider id,primary provider,"
          + "secondary provider id,secondary provider,tertiary provider id,tertiary provider,"
          + "wims_id;\n";
  private static final String KIYA =
      "KIYA,,Chris Crusta Airport,LA,US,29.97578,-92.08422,4.9,1,NWS/FAA,ACTIVE,2,NWS,,,,,;\n";
  private static final String HILL =
      "HILL,,Hill, the high one,UT,US,40.5,-111.9,1500.0,8,UU,INACTIVE,2,UU,,,,,;\n";

  @TempDir Path folder;
  private NodeFixture node;

  @BeforeEach
  void start() {
    node = new NodeFixture(NodeFixture.config(folder, History.NONE));
  }

  @AfterEach
  void close() {
    node.close();
  }

  @Test
  void a_list_is_stored_once_and_shown_after_a_restart_and_a_collection() {
    PutResponse first = put(HEADING + KIYA + HILL, 1);
    assertThat(counts(first)).containsExactly(2L, 0L, 0L, 0L);
    assertThat(first.getFormat()).isEqualTo("station-list");
    assertThat(first.getCommit()).isEqualTo(1);
    assertThat(first.getStations()).isEqualTo(2);
    assertThat(put(HEADING + KIYA + HILL, 1))
        .isEqualTo(first.toBuilder().setReplayed(true).build());
    assertThat(counts(put(HEADING + HILL + KIYA, 0))).containsExactly(0L, 2L, 0L, 0L);
    List<StationInfo> before = stations(StationsRequest.getDefaultInstance());

    node.compact();
    node.restart();
    node.compact();

    assertThat(stations(StationsRequest.getDefaultInstance())).isEqualTo(before).hasSize(2);
    StationInfo hill = before.get(1);
    assertThat(hill.getStation().getNetwork()).isEqualTo("8");
    assertThat(hill.getName()).isEqualTo("Hill, the high one");
    assertThat(
            List.of(
                hill.getState(),
                hill.getCountry(),
                hill.getLatitude(),
                hill.getLongitude(),
                hill.getElevationM(),
                hill.getNetworkName(),
                hill.getStatus(),
                hill.getSource()))
        .containsExactly("UT", "US", "40.5", "-111.9", "1500.0", "UU", "INACTIVE", "test");
    assertThatThrownBy(() -> put(HEADING + KIYA, 1))
        .isInstanceOfSatisfying(
            NodeFixture.Refused.class,
            e -> assertThat(e.status).isEqualTo(GrpcStatus.ALREADY_EXISTS));
  }

  @Test
  void a_changed_line_corrects_and_a_bad_one_is_told_by_its_number() {
    put(HEADING + KIYA + HILL, 0);
    String moved = HILL.replace("40.5,", "40.50,").replace("1500.0", "1499");

    PutResponse answer = put(HEADING + KIYA + "broken;\n" + moved, 0);

    assertThat(counts(answer)).containsExactly(0L, 1L, 1L, 1L);
    assertThat(answer.getFirstRejects(0).getLine()).isEqualTo(3);
    StationInfo hill = stations(StationsRequest.newBuilder().addStations("HILL").build()).get(0);
    assertThat(hill.getElevationM()).isEqualTo("1499");
    assertThat(hill.getLatitude()).as("an equal number stays as it was").isEqualTo("40.5");
    var dry = NodeFixture.await(node.putting(bytes(HEADING + HILL), 0, true));
    assertThat(counts(dry)).containsExactly(0L, 0L, 1L, 0L);
    assertThat(stations(StationsRequest.newBuilder().addStations("HILL").build()))
        .containsExactly(hill);
  }

  @Test
  void rows_keep_their_own_positions_and_filters_look_at_what_is_shown() {
    var cells = Map.of("SLAT", "41.00", "SLON", "-112.00", "SELV", "1400.00", "TMPF", "50.00");
    var row = new Row(new Key("8", "HILL", 1_521_194_400_000_000L), cells);
    node.put(OracleWorld.file(List.of("SLAT", "SLON", "SELV", "TMPF"), List.of(row)));
    List<String> rows = node.rows(QueryRequest.getDefaultInstance());
    put(HEADING + KIYA + HILL, 0);

    List<StationInfo> all = stations(StationsRequest.getDefaultInstance());
    assertThat(all.stream().map(s -> s.getStation().getId()).toList())
        .containsExactly("KIYA", "HILL");
    assertThat(all.get(0).getRows()).isZero();
    assertThat(all.get(0).getFirstUs()).isZero();
    assertThat(all.get(1).getRows()).isOne();
    assertThat(all.get(1).getLatitude()).isEqualTo("41.00");
    assertThat(all.get(1).getElevationM()).isEqualTo("1400.00");
    assertThat(all.get(1).getName()).isEqualTo("Hill, the high one");
    assertThat(node.rows(QueryRequest.getDefaultInstance())).isEqualTo(rows);
    assertThat(stations(StationsRequest.newBuilder().addNetworks("1").build()))
        .containsExactly(all.get(0));
    var south = BoundingBox.newBuilder().setWest(-93).setEast(-92).setSouth(29).setNorth(30.5);
    assertThat(stations(StationsRequest.newBuilder().setBbox(south).build()))
        .containsExactly(all.get(0));
    var described =
        BoundingBox.newBuilder().setWest(-112).setEast(-111).setSouth(40).setNorth(40.9);
    assertThat(stations(StationsRequest.newBuilder().setBbox(described).build())).isEmpty();
  }

  @Test
  void a_list_of_many_pages_comes_back_whole_and_is_not_stored_twice() {
    var text = new StringBuilder(HEADING);
    IntStream.range(0, 10_000)
        .forEach(i -> text.append(KIYA.replace("KIYA", "S" + i).replace("29.97", "29." + i)));
    assertThat(put(text.toString(), 0).getStored()).isEqualTo(10_000);
    assertThat(put(text + HILL, 0).getUnchanged()).isEqualTo(10_000);

    assertThat(stations(StationsRequest.getDefaultInstance())).hasSize(10_001);
    assertThat(stations(StationsRequest.newBuilder().addStations("S9999").build()).get(0))
        .returns("29.9999578", StationInfo::getLatitude);
  }

  private PutResponse put(String text, long sequence) {
    return node.put(bytes(text), sequence);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static List<Long> counts(PutResponse put) {
    return Stream.of(put.getStored(), put.getUnchanged(), put.getCorrected(), put.getRejected())
        .toList();
  }

  private List<StationInfo> stations(StationsRequest request) {
    return NodeFixture.await(node.call(ObservationServiceGrpcClient.Stations, List.of(request)))
        .stream()
        .flatMap(answer -> answer.getStationsList().stream())
        .toList();
  }
}
