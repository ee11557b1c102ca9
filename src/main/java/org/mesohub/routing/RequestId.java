package org.mesohub.routing;

/** Names one query among all clusters; 128 random bits. */
public record RequestId(long high, long low) {}
