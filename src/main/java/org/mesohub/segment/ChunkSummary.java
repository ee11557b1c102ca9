package org.mesohub.segment;

import java.util.List;
import org.mesohub.observation.Column;

/**
 * What a manifest says of a chunk, enough to leave it unread when a query cannot match.
 *
 * @param id content hash
 * @param bytes encoded size
 * @param rows row versions, 1 to {@link ChunkLimits#ROWS_MAX}
 * @param first key of the first row
 * @param last key of the last row
 * @param timeMinMicros earliest observation time
 * @param timeMaxMicros latest observation time
 * @param networks distinct networks, ascending
 * @param columns columns of the chunk, ascending; the header of an answer is made of these before
 *     any chunk is read
 * @param singleVersions whether no two rows have the same key
 */
public record ChunkSummary(
    ChunkId id,
    int bytes,
    int rows,
    RowKey first,
    RowKey last,
    long timeMinMicros,
    long timeMaxMicros,
    List<String> networks,
    List<Column> columns,
    boolean singleVersions) {}
