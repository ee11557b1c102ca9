package org.mesohub.grpc;

import org.jspecify.annotations.Nullable;
import org.mesohub.tls.PeerTls;

/**
 * What the public port of a node needs to relay calls to the leader.
 *
 * @param nodeId id of this node
 * @param leadership who leads
 * @param stale how old this node's state is
 * @param tls what this node proves itself with; null: plain text
 */
public record RelayOptions(
    String nodeId, Leadership leadership, StaleBound stale, @Nullable PeerTls tls) {}
