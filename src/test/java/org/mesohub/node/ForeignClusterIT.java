package org.mesohub.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mesohub.node.FederationIT.peers;
import static org.mesohub.node.FederationIT.put;
import static org.mesohub.node.FederationIT.query;
import static org.mesohub.node.FederationIT.rows;
import static org.mesohub.node.FederationIT.states;
import static org.mesohub.node.FederationIT.status;

import com.google.protobuf.ByteString;
import io.vertx.core.Vertx;
import io.vertx.grpc.server.GrpcServer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mesohub.config.HostPort;
import org.mesohub.config.NodeConfig;
import org.mesohub.config.NodeConfig.Peer;
import org.mesohub.config.NodeConfig.Peer.Dial;
import org.mesohub.proto.contract.CommunicationServiceGrpcService;
import org.mesohub.proto.contract.DatFragment;
import org.mesohub.proto.contract.QueryParams;
import org.mesohub.proto.contract.Request;
import org.mesohub.proto.contract.Response;
import org.mesohub.proto.contract.StatusCode;
import org.mesohub.proto.v1.ObservationServiceGrpcClient;
import org.mesohub.proto.v1.QueryRequest;
import org.mesohub.proto.v1.QueryResponse;
import org.mesohub.proto.v1.Scope;

/** A cluster of other make, played by a script in each of the dialects that were seen. */
class ForeignClusterIT {
  private static final String MONDAY = "2018-03-10";

  @TempDir Path folder;
  private final Vertx vertx = Vertx.vertx();
  private final List<Request> asked = new CopyOnWriteArrayList<>();
  private volatile Function<QueryParams, List<Response>> dialect = params -> List.of();
  private NodeFixture hub;

  @BeforeEach
  void start() throws Exception {
    List<Integer> ports = NodeFixture.freePorts(2);
    GrpcServer foreign = GrpcServer.server(vertx);
    foreign.callHandler(
        CommunicationServiceGrpcService.getHandler,
        call ->
            call.handler(
                request -> {
                  asked.add(request);
                  dialect
                      .apply(request.getGetRequest().getQueryParams())
                      .forEach(call.response()::write);
                  call.response().end();
                }));
    foreign.callHandler(
        CommunicationServiceGrpcService.ping,
        call -> call.handler(request -> call.response().end(Response.getDefaultInstance())));
    vertx
        .createHttpServer()
        .requestHandler(foreign)
        .listen(ports.get(1), "127.0.0.1")
        .await(60, TimeUnit.SECONDS);
    var peer =
        new Peer(
            "other", List.of(new HostPort("127.0.0.1", ports.get(1))), Dial.CONTRACT, null, null);
    hub =
        new NodeFixture(
            NodeFixture.config(
                folder.resolve("hub"),
                "hub",
                ports.get(0),
                new NodeConfig.Federation(List.of(peer), Duration.ofSeconds(20), 4, false)));
  }

  @AfterEach
  void close() throws Exception {
    hub.close();
    vertx.close().await(60, TimeUnit.SECONDS);
  }

  private static String row(String station, String time, String value) {
    return station + "," + time + ",11,None,None,None," + value + ",None".repeat(9);
  }

  private static Response text(StatusCode code, String text) {
    return Response.newBuilder()
        .setCode(code)
        .setDatFragment(DatFragment.newBuilder().setData(ByteString.copyFromUtf8(text)))
        .build();
  }

  /** The rows of the first two days of the world of this script, where they are asked for. */
  private static List<String> world(QueryParams params, boolean withEnd) {
    var rows = new ArrayList<String>();
    for (String time : List.of(MONDAY + " 12:00:00", MONDAY + " 00:00:00", "2018-03-11 00:00:00")) {
      boolean inside =
          time.compareTo(params.getFromUtc()) >= 0
              && (time.compareTo(params.getToUtc()) < 0
                  || (withEnd && time.equals(params.getToUtc())));
      if (inside) {
        rows.add(row("s2", time, "2.5"));
        rows.add(row("s1", time, "-1.0"));
      }
    }
    return rows;
  }

  private void assertWorld() {
    assertThat(rows(hub, query(Scope.SCOPE_AUTO)))
        .containsExactly(
            "11/s1 0: -1.0",
            "11/s1 0: -1.0",
            "11/s2 0: 2.5",
            "11/s2 0: 2.5",
            "11/s1 1: -1.0",
            "11/s2 1: 2.5");
    assertThat(states(peers(hub, query(Scope.SCOPE_AUTO)))).isEqualTo("other OK 6");
  }

  @Test
  void many_rows_a_message() {
    dialect =
        params -> List.of(text(StatusCode.Ok, String.join("\n", world(params, false)) + "\n"));
    assertWorld();
    assertThat(asked.get(0).getFromSender()).isEqualTo("hub");
  }

  @Test
  void a_row_a_message_without_line_end_and_with_code_0() {
    dialect =
        params -> world(params, false).stream().map(row -> text(StatusCode.Unknown, row)).toList();
    assertWorld();
  }

  @Test
  void blanks_a_comma_too_many_fractions_and_the_end_included() {
    dialect =
        params ->
            world(params, true).stream()
                .map(row -> row.replace(",", ", ").replace(":00,", ":00.0,") + ",\n")
                .map(row -> text(StatusCode.Ok, row))
                .toList();
    assertWorld();
  }

  @Test
  void objects_in_place_of_rows() {
    dialect =
        params ->
            world(params, false).stream()
                .map(row -> row.split(","))
                .map(
                    f ->
                        "{\"STN\":\"%s\",\"TIMESTAMP\":\"%s\",\"MNET\":\"%s\",\"TMPF\":\"%s\"},"
                            .formatted(f[0], f[1], f[2], f[6]))
                .map(object -> text(StatusCode.Ok, object))
                .toList();
    assertWorld();
  }

  @Test
  void words_for_nothing_are_no_rows() {
    dialect = params -> List.of(text(StatusCode.Ok, "No Result"));
    assertThat(rows(hub, query(Scope.SCOPE_AUTO))).isEmpty();
    assertThat(states(peers(hub, query(Scope.SCOPE_AUTO)))).isEqualTo("other OK 0");
  }

  @Test
  void lines_that_are_no_rows_are_told_and_the_others_are_there() throws Exception {
    dialect =
        params ->
            List.of(text(StatusCode.Ok, String.join("\n", world(params, false)) + "\ns3,what,8"));
    assertThat(rows(hub, query(Scope.SCOPE_AUTO))).hasSize(6);
    assertThat(states(peers(hub, query(Scope.SCOPE_AUTO)))).isEqualTo("other PARTIAL 6");
    assertThat(peers(hub, query(Scope.SCOPE_AUTO)).get(0).toString()).contains("are no rows");
  }

  @Test
  void a_refusal_is_told() {
    dialect =
        params -> List.of(Response.newBuilder().setCode(StatusCode.Failed).setMsg("busy").build());
    assertThat(states(peers(hub, query(Scope.SCOPE_AUTO)))).isEqualTo("other REFUSED 0");
    assertThat(peers(hub, query(Scope.SCOPE_AUTO)).get(0).toString()).contains("busy");
  }

  @Test
  void conditions_are_judged_here_and_own_rows_go_before_theirs() throws Exception {
    dialect =
        params -> List.of(text(StatusCode.Ok, String.join("\n", world(params, false)) + "\n"));
    put(hub, "11", "s1", 0, "7.0"); // the row of midnight
    assertThat(rows(hub, query(Scope.SCOPE_ALL)))
        .containsExactly(
            "11/s1 0: 7.0",
            "11/s1 0: -1.0",
            "11/s2 0: 2.5",
            "11/s2 0: 2.5",
            "11/s1 1: -1.0",
            "11/s2 1: 2.5");
    QueryRequest.Builder one = query(Scope.SCOPE_ALL).toBuilder();
    one.getSelectionBuilder().addStations("s2");
    assertThat(rows(hub, one.build()))
        .containsExactly("11/s2 0: 2.5", "11/s2 0: 2.5", "11/s2 1: 2.5");
    assertThat(asked.get(asked.size() - 1).getGetRequest().getQueryParams().getParamsJson())
        .isEqualTo("[{\"lhs\":\"STN\",\"op\":\"eq\",\"rhs\":[\"s2\"]}]");
  }

  @Test
  void it_is_shown_as_what_it_is() throws Exception {
    NodeFixture.eventually(
        "answers",
        () -> {
          assertThat(status(hub, "other").getTrouble()).isEmpty();
          assertThat(status(hub, "other").getDial()).isEqualTo("contract");
          return 0;
        });
    List<QueryResponse> all =
        NodeFixture.await(
            hub.call(ObservationServiceGrpcClient.Query, List.of(query(Scope.SCOPE_LOCAL))));
    assertThat(all.get(all.size() - 1).getEnd().getPeersList()).isEmpty();
    assertThat(asked).isEmpty();
  }
}
