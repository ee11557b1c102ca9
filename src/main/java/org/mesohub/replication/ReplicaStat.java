package org.mesohub.replication;

/**
 * How the store of a member does.
 *
 * @param freeBytes bytes its disk can still take; -1 when nobody can tell
 * @param capacityBytes bytes it may store in all; -1 without a limit
 * @param usedBytes bytes in use of the capacity
 * @param takesChunks whether new chunks may be put there
 * @param problem why the store does not work, in words for the operator; empty while it does
 */
public record ReplicaStat(
    long freeBytes, long capacityBytes, long usedBytes, boolean takesChunks, String problem) {}
