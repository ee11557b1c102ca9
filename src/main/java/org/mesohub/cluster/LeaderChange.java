package org.mesohub.cluster;

/**
 * Who leads, as a node has just learned it.
 *
 * @param leaderId empty while nobody does
 * @param ready this node leads, and its state includes everything acknowledged before: it may write
 */
public record LeaderChange(String leaderId, boolean ready, long term) {}
