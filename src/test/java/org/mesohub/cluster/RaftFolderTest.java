package org.mesohub.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RaftFolderTest {
  @TempDir Path folder;

  @Test
  void aClaimedFolderOpensAgainForItsOwner() throws IOException {
    claim(config("n1", "uni"));
    try (RaftFolder again = RaftFolder.open(config("n1", "uni"), 1)) {
      assertThat(again).isNotNull();
    }
  }

  @Test
  void anotherClusterOrNodeIsRefused() throws IOException {
    claim(config("n1", "uni"));
    assertRefused(config("n2", "uni"), "belongs to node 'n1' of cluster 'uni'");
    Files.delete(folder.resolve("raft/identity"));
    assertRefused(config("n1", "lab"), "another cluster than 'lab'");
  }

  @Test
  void aNewerFormatIsRefused() throws IOException {
    claim(config("n1", "uni"));
    Path identity = folder.resolve("raft/identity");
    Files.writeString(identity, Files.readString(identity).replace("format=1", "format=2"));
    assertRefused(config("n1", "uni"), "format 2");
  }

  @Test
  void aFolderThatLostItsLogIsRefused() throws IOException {
    RaftConfig config = config("n1", "uni");
    claim(config);
    Files.delete(config.raftFolder().resolve(config.groupId().toString()));
    assertRefused(config, "has lost its log");
  }

  @Test
  void aFolderInUseIsRefusedAndFreeAfterwards() throws IOException {
    RaftConfig config = config("n1", "uni");
    try (RaftFolder holder = RaftFolder.open(config, 1)) {
      assertThat(holder).isNotNull();
      assertRefused(config, "in use by another node");
    }
    RaftFolder.open(config, 1).close();
  }

  private RaftConfig config(String node, String cluster) {
    return RaftConfig.alone(node, cluster, folder);
  }

  private static void claim(RaftConfig config) throws IOException {
    try (RaftFolder opened = RaftFolder.open(config, 1)) {
      Files.createDirectories(config.raftFolder().resolve(config.groupId().toString()));
      opened.claim(config);
    }
  }

  private static void assertRefused(RaftConfig config, String text) {
    assertThatThrownBy(() -> RaftFolder.open(config, 1))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining(text);
  }
}
