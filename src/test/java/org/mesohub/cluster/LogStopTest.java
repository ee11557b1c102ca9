package org.mesohub.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;
import org.mesohub.cluster.LogStop.Kind;

class LogStopTest {
  @Test
  void aDiskWithoutRoomMayHaveSomeLater() {
    var full = new CompletionException(new IOException("No space left on device"));
    assertThat(LogStop.of("why", full)).isEqualTo(new LogStop(Kind.NO_ROOM, "why"));
    assertThat(LogStop.of("why", new IOException("raft: Read-only file system")).kind())
        .isEqualTo(Kind.NO_ROOM);
  }

  @Test
  void aDiskThatFailedIsSomebodysToLookAt() {
    assertThat(LogStop.of("why", new IOException("Input/output error")).kind())
        .isEqualTo(Kind.OTHER);
    assertThat(LogStop.of("why", null).kind()).isEqualTo(Kind.OTHER);
  }
}
