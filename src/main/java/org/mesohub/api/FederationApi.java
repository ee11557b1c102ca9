package org.mesohub.api;

import io.vertx.core.Future;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.mesohub.routing.Digest;

/**
 * What a cluster does for others that it is federated with. Threading and failures are those of
 * {@link NodeApi}.
 */
public interface FederationApi {
  /** The protocol that clusters speak with each other. */
  int PROTOCOL = 1;

  /** Name of this cluster. */
  String cluster();

  /**
   * Answers another cluster's query with stamped rows. Fails as TOKEN_CONFLICT when the same was
   * asked before or the query comes round, as INVALID when its ticket is not right.
   *
   * @param caller who calls, as it has proved; null where nobody has to
   * @param deadlineNanos of the call, on the clock of {@link System#nanoTime}; Long.MAX_VALUE: none
   */
  Future<AnswerStream> answer(RelayedQuery query, @Nullable String caller, long deadlineNanos);

  /**
   * Tells what this cluster holds: at once, whenever it has changed, and twice a second while it
   * has not. Ends with a failure when this node cannot tell any more.
   *
   * @param asker name of the cluster that asks
   */
  Subscription digests(String asker, Consumer<Told> listener, Consumer<Throwable> end);

  /**
   * What is told.
   *
   * @param version last commit of this cluster
   * @param ageMillis since it was asked whether that is confirmed
   * @param digest null: the one before is still right
   * @param reachable clusters that this one passes queries on to, but for the one that asks
   */
  record Told(long version, long ageMillis, @Nullable Digest digest, List<Reachable> reachable) {}

  /**
   * A cluster behind another.
   *
   * @param hops from the one that tells on
   * @param ageMillis since it has confirmed that version; -1: never
   * @param digest null: the one before is still right, or there was none
   */
  record Reachable(
      String cluster, int hops, long version, long ageMillis, @Nullable Digest digest) {}

  /** A listener that can be taken back; idempotent. */
  interface Subscription {
    void cancel();
  }

  /**
   * Takes in a connection that another cluster holds open. Fails as NOT_FOUND when none is expected
   * of it, as FORBIDDEN when the caller is somebody else.
   *
   * @param cluster who holds it
   * @param node which of its nodes
   * @param epoch those of lower epochs of that node are gone
   * @param caller as it has proved; null where nobody has to
   * @param other where bytes for that cluster go
   * @return where its bytes go
   */
  LinkEnd link(String cluster, String node, long epoch, @Nullable String caller, LinkEnd other);

  /** The other clusters as this node sees them, in the order of the configuration. */
  List<PeerState> peers();

  /**
   * Another cluster.
   *
   * @param endpoints host:port each
   * @param endpoint the one in use; empty when none is
   * @param current whether its "no" counts now
   * @param trouble what is wrong; empty when nothing is
   * @param lastContactMillis since it was last heard of; -1: never
   * @param digest the last one that came; null: none yet
   * @param dial "in": it holds connections open for this cluster; "out": this one does for it
   * @param links connections held open for that
   * @param counts since the node started
   */
  record PeerState(
      String cluster,
      List<String> endpoints,
      String endpoint,
      boolean current,
      String trouble,
      long lastContactMillis,
      @Nullable Digest digest,
      String dial,
      int links,
      Counts counts) {}

  /**
   * What came of queries.
   *
   * @param asked sent to the peer
   * @param avoided not sent, as its filter said no
   * @param inVain sent as its filter said maybe, and it had nothing
   * @param failed sent and not answered, or not in whole
   * @param rows taken of its answers
   */
  record Counts(long asked, long avoided, long inVain, long failed, long rows) {}
}
