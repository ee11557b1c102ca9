package org.mesohub.api;

import java.util.List;
import org.mesohub.query.Query;
import org.mesohub.routing.DaysPart;
import org.mesohub.routing.Ticket;

/**
 * A query as one cluster passes it on to another.
 *
 * @param latest the latest row of each station instead of all rows
 * @param parts what of it is asked for, in the order of days, which do not overlap; none:
 *     everything
 * @param patienceMillis that the caller waits for rows, all waits together; 0: not told
 */
public record RelayedQuery(
    Ticket ticket, Query query, boolean latest, List<DaysPart> parts, long patienceMillis) {
  public RelayedQuery {
    parts = List.copyOf(parts);
  }
}
