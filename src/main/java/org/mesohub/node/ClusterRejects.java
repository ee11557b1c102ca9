package org.mesohub.node;

import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.mesohub.grpc.NodePeers;
import org.mesohub.store.RejectStore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Rejected rows of a cluster: each is kept by the node that led when its put came, so all are
 * asked. What a node keeps that does not answer is left out.
 *
 * @param own those of this node
 * @param peers the others
 */
record ClusterRejects(RejectStore own, NodePeers peers) implements RejectStore {
  private static final Logger LOG = LoggerFactory.getLogger(ClusterRejects.class);

  /** As {@link RejectStore#find} says. */
  private static final Comparator<Rejected> ORDER =
      Comparator.comparing(Rejected::put).reversed().thenComparingLong(Rejected::line);

  @Override
  public Future<Void> add(List<Rejected> rejects) {
    return own.add(rejects);
  }

  @Override
  public Future<List<Rejected>> find(@Nullable String put, int limit) {
    List<Future<List<Rejected>>> asked = new ArrayList<>();
    asked.add(own.find(put, limit));
    peers
        .all()
        .forEach((id, peer) -> asked.add(peer.rejects(put, limit).otherwise(e -> none(id, e))));
    return Future.all(asked).map(all -> merged(asked.stream().map(Future::result).toList(), limit));
  }

  private static List<Rejected> none(String id, Throwable failure) {
    LOG.warn("rejected rows that node {} keeps are left out: {}", id, failure.toString());
    return List.of();
  }

  static List<Rejected> merged(List<List<Rejected>> found, int limit) {
    Set<Rejected> all = new LinkedHashSet<>();
    found.forEach(all::addAll);
    return all.stream().sorted(ORDER).limit(limit).toList();
  }
}
