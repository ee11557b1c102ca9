/**
 * Raft's messages between the nodes of a cluster, over the clustered event bus of Vert.x. Who the
 * nodes are comes from configuration; Hazelcast only makes the bus a clustered one.
 */
@NullMarked
package org.mesohub.bus;

import org.jspecify.annotations.NullMarked;
