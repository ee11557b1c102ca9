package org.mesohub.query;

import org.mesohub.observation.ObservationBatch;

/**
 * The keys of a piece of a put: only stored rows with one of these keys are wanted.
 *
 * @param sorted rows in key order, stations ascending, keys possibly repeated; only the keys matter
 */
public record KeyFilter(ObservationBatch sorted) {}
