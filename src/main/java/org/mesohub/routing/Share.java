package org.mesohub.routing;

import java.util.SortedMap;
import java.util.SortedSet;

/**
 * What a peer is asked for.
 *
 * @param peer id of the cluster
 * @param networksByDay the networks wanted of each epoch day; no networks at all: any network but
 *     those in {@code notOf}
 * @param notOf per day without named networks those that are answered here
 */
public record Share(
    String peer,
    SortedMap<Integer, SortedSet<String>> networksByDay,
    SortedMap<Integer, SortedSet<String>> notOf) {}
