package org.mesohub.replication;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.mesohub.replication.ChunkCluster.blobs;
import static org.mesohub.replication.ChunkCluster.eventually;
import static org.mesohub.store.ChunkStoreContract.await;
import static org.mesohub.store.ChunkStoreContract.failure;

import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mesohub.placement.Member;
import org.mesohub.placement.Members;
import org.mesohub.placement.Membership;
import org.mesohub.replication.ChunkCluster.Node;
import org.mesohub.segment.ChunkId;
import org.mesohub.store.ChunkStore.Blob;
import org.mesohub.store.StoreException.Reason;
import org.mesohub.tls.Authority;
import org.mesohub.tls.Certified;
import org.mesohub.tls.PeerTls;

/** Chunks between nodes that prove themselves to each other, and between others. */
class PeerTlsIT {
  /** Enough for the first handshakes of a busy machine. */
  private static final ReplicationLimits LIMITS =
      new ReplicationLimits(3, 20_000, 25_000, 5_000, 300, 500, 8 << 20);

  @TempDir Path folder;
  private final SecureRandom random = new SecureRandom();
  private final Authority authority = authority();

  @Test
  void nodesOfOneAuthorityReplicateAndStrangersAreRefused() throws Exception {
    PeerTls ours = tls(authority, "ours", ChunkCluster.ANY);
    List<Member> members = ChunkCluster.members(3);
    try (var cluster = new ChunkCluster(members, 3, folder, LIMITS, ours)) {
      List<Blob> blobs = blobs(1, 6, 200_000);
      await(cluster.nodes.get(0).store.put(blobs));
      for (Node node : cluster.nodes) {
        for (Blob blob : blobs) {
          eventually("a copy", () -> node.has(blob.id()));
        }
      }

      ChunkId wanted = blobs.get(0).id();
      assertThat(ask(cluster, members, ours, wanted)).isNull();
      assertThat(ask(cluster, members, tls(authority(), "stranger", ChunkCluster.ANY), wanted))
          .isEqualTo(Reason.UNAVAILABLE);
      // One of ours that believes ours but shows what a stranger signed: refused by the server.
      PeerTls stranger = tls(authority(), "signed", ChunkCluster.ANY);
      assertThat(
              ask(
                  cluster,
                  members,
                  new PeerTls(stranger.certificate(), stranger.key(), ours.authority()),
                  wanted))
          .isEqualTo(Reason.UNAVAILABLE);
      assertThat(ask(cluster, members, null, wanted)).isEqualTo(Reason.UNAVAILABLE);
    }
  }

  @Test
  void aNodeThatAnswersAtAnotherHostThanItsCertificateSaysIsNotBelieved() throws Exception {
    PeerTls elsewhere = tls(authority, "elsewhere", "n2.utah.example");
    List<Member> members = ChunkCluster.members(3);
    try (var cluster = new ChunkCluster(members, 3, folder, LIMITS, elsewhere)) {
      assertThat(failure(cluster.nodes.get(0).store.put(blobs(1, 1, 100))).reason())
          .isEqualTo(Reason.UNAVAILABLE);
    }
  }

  @Test
  void membersOnOtherHostsMustProveThemselves() throws Exception {
    Member far = new Member("n2", 2, "10.0.0.2", 1, 1, 1, "10.0.0.2:1", true);
    Member near = ChunkCluster.member(1, 1);
    try (var cluster = new ChunkCluster(1, folder, LIMITS)) {
      assertThatThrownBy(
              () ->
                  new ChunkPeers(
                      cluster.vertx,
                      new Membership(new Members("n1", List.of(near, far))),
                      null,
                      LIMITS))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("mesohub cert");
    }
  }

  /** Why the second member does not give a chunk; null when it does. */
  private static @Nullable Reason ask(
      ChunkCluster cluster, List<Member> members, @Nullable PeerTls tls, ChunkId id)
      throws Exception {
    try (var peers =
        new ChunkPeers(cluster.vertx, new Membership(new Members("n1", members)), tls, LIMITS)) {
      var answer = peers.all().get(0).get(id, false);
      try {
        await(answer);
        return null;
      } catch (java.util.concurrent.ExecutionException e) {
        return failure(answer).reason();
      }
    }
  }

  private Authority authority() {
    return Authority.create("utah", Instant.now(), Duration.ofDays(2), random);
  }

  private PeerTls tls(Authority by, String name, String host) throws Exception {
    Certified node = by.node(name, List.of(host), Instant.now(), Duration.ofDays(1));
    return new PeerTls(
        Files.writeString(folder.resolve(name + ".pem"), node.certificatePem()),
        Files.writeString(folder.resolve(name + "-key.pem"), node.keyPem()),
        Files.writeString(folder.resolve(name + "-ca.pem"), by.certified().certificatePem()));
  }
}
