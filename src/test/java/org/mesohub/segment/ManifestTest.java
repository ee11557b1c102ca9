package org.mesohub.segment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ManifestTest {
  static Manifest sample() {
    var runs = new ArrayList<List<ChunkSummary>>();
    for (int seed = 0; seed < 4; seed++) {
      var random = new Random(seed);
      var run = new ArrayList<ChunkSummary>();
      for (int i = 0; i < 5; i++) {
        var rows = VersionRows.random(random, 20);
        VersionRows.encode(rows, random).forEach(c -> run.add(c.summary()));
      }
      runs.add(List.copyOf(run));
    }
    return new Manifest(List.copyOf(runs));
  }

  @Test
  void givesBackItsRuns() {
    assertThat(Manifest.decode(sample().encode())).isEqualTo(sample());
  }

  @Test
  void givesTheSameBytesForTheSameRuns() {
    assertThat(sample().encode()).isEqualTo(sample().encode());
  }

  @Test
  void storesEqualColumnListsOnce() {
    ChunkSummary chunk = sample().runs().get(1).get(0);
    int one = new Manifest(List.of(List.of(chunk))).encode().length;
    int many = new Manifest(List.of(java.util.Collections.nCopies(100, chunk))).encode().length;
    assertThat(many - one).isLessThan(100 * ChunkId.BYTES);
  }

  @Test
  void refusesAnUnknownVersionAndNoRuns() {
    byte[] bytes = sample().encode();
    bytes[4] = 3;
    assertThatThrownBy(() -> Manifest.decode(bytes))
        .isInstanceOf(CorruptChunkException.class)
        .hasMessageContaining("format version 3");
    assertThatThrownBy(() -> new Manifest(List.of()).encode())
        .isInstanceOf(IllegalArgumentException.class);
  }
}
