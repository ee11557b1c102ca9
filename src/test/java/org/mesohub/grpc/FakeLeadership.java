package org.mesohub.grpc;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.mesohub.placement.Member;

/** Says who leads as it was told. Thread-safe. */
final class FakeLeadership implements Leadership {
  private @Nullable Member leader;
  private boolean self;
  private Promise<Void> known = Promise.promise();

  /** Of a node that leads. */
  static FakeLeadership self() {
    var leadership = new FakeLeadership();
    leadership.leadsSelf();
    return leadership;
  }

  synchronized void leads(Member member) {
    leader = member;
    self = false;
    known.tryComplete();
  }

  synchronized void leadsSelf() {
    leader = member("self", 1);
    self = true;
    known.tryComplete();
  }

  synchronized void nobodyLeads() {
    leader = null;
    self = false;
    known = Promise.promise();
  }

  /** A member whose internal port is on loopback. */
  static Member member(String id, int internalPort) {
    return new Member(id, 1, "127.0.0.1", 1, 1, internalPort, id + ".example.org:8080", true);
  }

  @Override
  public synchronized Optional<Member> leader() {
    return Optional.ofNullable(leader);
  }

  @Override
  public synchronized boolean isSelf() {
    return self;
  }

  @Override
  public synchronized Future<Void> awaitKnown(Duration patience) {
    return known.future();
  }
}
