/**
 * Chunks on several nodes: where a put must be durable, how a read finds and heals, what the nodes
 * tell each other about chunks.
 */
@NullMarked
package org.mesohub.replication;

import org.jspecify.annotations.NullMarked;
