package org.mesohub.api;

import java.util.List;
import org.mesohub.store.RejectStore.Rejected;

/**
 * What a put did.
 *
 * @param stored new rows
 * @param unchanged rows that were there with equal values
 * @param corrected rows that were there with other values
 * @param rejected rows that could not be read
 * @param future rows stamped later than the commit, counted above too
 * @param commit commit that made the rows visible; 0 when nothing changed
 * @param putId id of the put, for its rejects
 * @param format detected format
 * @param replayed whether this is the remembered answer of an earlier put with the same token
 * @param stations distinct stations in the input
 * @param days distinct UTC days in the input
 * @param firstRejects the first rejects, at most 20
 */
public record PutOutcome(
    long stored,
    long unchanged,
    long corrected,
    long rejected,
    long future,
    long commit,
    String putId,
    String format,
    boolean replayed,
    long stations,
    long days,
    List<Rejected> firstRejects) {}
