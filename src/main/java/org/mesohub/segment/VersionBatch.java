package org.mesohub.segment;

import java.util.List;
import org.mesohub.observation.ObservationBatch;

/**
 * Row versions with their origins. In key order wherever it leaves a sorter, a cursor or a chunk:
 * then {@code rows.stations()} is in ascending order, and versions of one key stand in ascending
 * commit order.
 *
 * @param rows the cells; a correction carries only the columns it changes, the others are absent
 * @param origins origin table, at most 65,536 entries
 * @param origin per row, index into {@code origins}; may be longer than the number of rows
 */
@SuppressWarnings("ArrayRecordComponent")
public record VersionBatch(ObservationBatch rows, List<Origin> origins, int[] origin) {}
