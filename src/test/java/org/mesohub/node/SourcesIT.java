package org.mesohub.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mesohub.node.OracleWorld.Key;
import org.mesohub.node.OracleWorld.Row;
import org.mesohub.proto.v1.LatestRequest;
import org.mesohub.proto.v1.ObservationServiceGrpcClient;
import org.mesohub.proto.v1.QueryRequest;
import org.mesohub.proto.v1.QueryResponse;
import org.mesohub.proto.v1.Selection;
import org.mesohub.proto.v1.Source;

/** The end of an answer tells where its rows come from. */
class SourcesIT {
  private static final long NOON = 1_521_201_600_000_000L;
  private static final long DAY = 86_400_000_000L;

  @TempDir Path folder;

  private static byte[] file(String station, long time) {
    return OracleWorld.file(
        List.of("TMPF"), List.of(new Row(new Key("1", station, time), Map.of("TMPF", "1.00"))));
  }

  private static List<String> sources(List<QueryResponse> answer) {
    QueryResponse last = answer.get(answer.size() - 1);
    assertThat(last.hasEnd()).isTrue();
    return last.getEnd().getSourcesList().stream().map(Source::getSource).toList();
  }

  private static List<String> query(NodeFixture node, Selection.Builder selection) {
    return sources(
        NodeFixture.await(
            node.call(
                ObservationServiceGrpcClient.Query,
                List.of(QueryRequest.newBuilder().setSelection(selection).build()))));
  }

  @Test
  void namesWhatWasReadBeforeAndAfterCompaction() {
    try (var node = new NodeFixture(folder)) {
      node.putFrom("morning feed", file("A", NOON));
      node.putFrom("evening feed", file("B", NOON));
      node.putFrom("the day after", file("A", NOON + DAY));
      var both = Selection.newBuilder().setFromUs(NOON).setToUs(NOON + 1);
      var after = Selection.newBuilder().setFromUs(NOON + DAY).setToUs(NOON + 2 * DAY);
      assertThat(query(node, both)).containsExactly("evening feed", "morning feed");
      assertThat(query(node, after)).containsExactly("the day after");
      assertThat(latest(node)).containsExactly("evening feed", "the day after");
      assertThat(query(node, Selection.newBuilder().setFromUs(0).setToUs(1))).isEmpty();

      node.compact(); // small days share a chunk now, and what is read of it counts as a whole
      assertThat(query(node, both)).contains("evening feed", "morning feed");
      assertThat(query(node, Selection.newBuilder().setFromUs(0).setToUs(1))).isEmpty();
    }
  }

  private static List<String> latest(NodeFixture node) {
    return sources(
        NodeFixture.await(
            node.call(
                ObservationServiceGrpcClient.Latest, List.of(LatestRequest.getDefaultInstance()))));
  }
}
