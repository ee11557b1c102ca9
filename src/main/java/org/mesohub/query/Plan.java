package org.mesohub.query;

import java.util.List;
import org.mesohub.observation.Column;

/**
 * What is to be read for a query, known before any chunk is read.
 *
 * @param units ascending by key
 * @param columns columns of all slices: MesoWest's in their order, then the others ascending
 */
record Plan(List<Unit> units, List<Column> columns) {}
