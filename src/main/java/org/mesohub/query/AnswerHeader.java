package org.mesohub.query;

import java.util.List;
import org.mesohub.observation.Column;

/**
 * What is known before the first row.
 *
 * @param commit commit that is read
 * @param columns columns of all batches, by position, after projection and unit conversion
 */
public record AnswerHeader(long commit, List<Column> columns) {}
