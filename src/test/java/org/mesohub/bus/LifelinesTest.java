package org.mesohub.bus;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetSocket;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.mesohub.placement.Member;
import org.mesohub.placement.Members;
import org.mesohub.placement.Membership;

class LifelinesTest {
  private static final long PATIENCE_SECONDS = 60;

  private final Vertx vertx = Vertx.vertx();
  private final BlockingQueue<NetSocket> accepted = new LinkedBlockingQueue<>();
  private final BlockingQueue<String> gone = new LinkedBlockingQueue<>();
  private NetServer peer;
  private Lifelines lifelines;

  @BeforeEach
  void connect() throws Exception {
    peer = vertx.createNetServer().connectHandler(accepted::add);
    peer.listen(0, "127.0.0.1").await(PATIENCE_SECONDS, TimeUnit.SECONDS);
    var members =
        new Members(
            "n1",
            List.of(
                new Member("n1", 1, "127.0.0.1", 1, 2, 3, "", true),
                new Member("n2", 2, "127.0.0.1", 4, peer.actualPort(), 5, "", true)));
    lifelines = new Lifelines(vertx, new Membership(members), null);
    lifelines.onGone(gone::add);
  }

  @AfterEach
  void close() throws Exception {
    lifelines.close();
    vertx.close().await(PATIENCE_SECONDS, TimeUnit.SECONDS);
  }

  private NetSocket next() throws Exception {
    NetSocket socket = accepted.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
    assertThat(socket).as("a connection").isNotNull();
    return socket;
  }

  @Test
  void aPeerWhosePortHasClosedIsGone() throws Exception {
    next();
    peer.close().await(PATIENCE_SECONDS, TimeUnit.SECONDS);
    assertThat(gone.poll(PATIENCE_SECONDS, TimeUnit.SECONDS)).isEqualTo("n2");
    assertThat(lifelines.isGone("n2").await(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
    assertThat(gone).as("told once").isEmpty();
  }

  @Test
  void aConnectionThatBreaksIsMadeAnewAndNobodyIsTold() throws Exception {
    NetSocket first = next();
    first.close();
    NetSocket probeOrLine = next();
    NetSocket second = next();
    assertThat(List.of(probeOrLine, second)).doesNotContain(first);
    assertThat(lifelines.isGone("n2").await(PATIENCE_SECONDS, TimeUnit.SECONDS)).isFalse();
    assertThat(gone).isEmpty();
    peer.close().await(PATIENCE_SECONDS, TimeUnit.SECONDS);
    assertThat(gone.poll(PATIENCE_SECONDS, TimeUnit.SECONDS)).isEqualTo("n2");
  }

  /**
   * As of a machine that hangs, or behind a cut: nobody takes the connection, nobody refuses it.
   */
  @Test
  void aPortThatSaysNothingIsNotGone() throws Exception {
    List<Socket> filling = new ArrayList<>();
    try (var hung = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      boolean full = false;
      while (!full) {
        var socket = new Socket();
        filling.add(socket);
        try {
          socket.connect(hung.getLocalSocketAddress(), 300);
        } catch (SocketTimeoutException e) {
          full = true;
        }
      }
      var members =
          new Members(
              "n1",
              List.of(
                  new Member("n1", 1, "127.0.0.1", 1, 2, 3, "", true),
                  new Member("n2", 2, "127.0.0.1", 4, hung.getLocalPort(), 5, "", true)));
      try (var toHung = new Lifelines(vertx, new Membership(members), null)) {
        assertThat(toHung.isGone("n2").await(PATIENCE_SECONDS, TimeUnit.SECONDS)).isFalse();
      }
    } finally {
      for (Socket socket : filling) {
        socket.close();
      }
    }
  }

  @Test
  void whoIsNoMemberIsNotGone() throws Exception {
    assertThat(lifelines.isGone("n3").await(PATIENCE_SECONDS, TimeUnit.SECONDS)).isFalse();
  }
}
