package org.mesohub.routing;

import java.util.SortedMap;
import java.util.SortedSet;
import org.jspecify.annotations.Nullable;

/**
 * What a peer is asked for.
 *
 * @param peer id of the cluster
 * @param networksByDay the networks wanted of each epoch day; null: everything that the query asks
 *     for but what is in {@code notOf}, as nobody knows what the peer has
 * @param notOf networks that are answered here, of each epoch day that has any
 */
public record Share(
    String peer,
    @Nullable SortedMap<Integer, SortedSet<String>> networksByDay,
    SortedMap<Integer, SortedSet<String>> notOf) {}
