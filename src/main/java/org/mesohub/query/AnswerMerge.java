package org.mesohub.query;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.mesohub.observation.Column;
import org.mesohub.observation.ColumnVector;
import org.mesohub.observation.Day;
import org.mesohub.observation.ObservationBatch;
import org.mesohub.observation.VariableDictionary;
import org.mesohub.segment.Origin;
import org.mesohub.segment.VersionRank;

/**
 * Puts answers of several clusters together: rows in their common order, each key once. Of several
 * rows with one key that counts whose origin ranks highest: its cluster owns the network, else the
 * later commit there, else the greater name. An answer without stamps ranks above those with, of
 * two without the earlier source counts. Used by one thread at a time.
 *
 * <pre>
 *   wants() ─► give(source, batch) or end(source) ─► … ─► next() ─► wants() …
 * </pre>
 */
public final class AnswerMerge {
  /** What one row per key means, and in which order rows come. */
  public enum Order {
    /** Keys (UTC day, network, station, time), as range queries answer. */
    KEYS,
    /** Stations (network, station), of which the latest row counts. */
    STATIONS
  }

  private static final int ROWS_MAX = AnswerBatches.ROWS_MAX;

  private final Order order;
  private final List<Column> columns;
  private final VersionRank rank;
  private final List<Source> sources = new ArrayList<>();

  /** Rows picked for the next batch: the source and the row of each. */
  private final int[] pickedSource = new int[ROWS_MAX];

  private final int[] pickedRow = new int[ROWS_MAX];

  /** An answer that is taken from. */
  private static final class Source {
    /** Per column of the merged answer its position in this one, -1 when it is not there. */
    final int[] positions;

    /** What is taken from, up to {@link #at}; null when more is wanted or all was given. */
    @Nullable AnswerBatch batch;

    /** What the rows picked last are of; a batch to come waits until those are built. */
    @Nullable AnswerBatch picked;

    int at;
    boolean ended;
    long taken;

    Source(int[] positions) {
      this.positions = positions;
    }

    boolean has() {
      return batch != null;
    }

    AnswerBatch current() {
      if (batch == null) {
        throw new IllegalStateException("this source has nothing to take");
      }
      return batch;
    }

    ObservationBatch rows() {
      return current().rows();
    }
  }

  /**
   * @param headers columns of each answer
   * @param variables variables in the order asked for, empty when all were
   * @param owned (network, cluster) pairs written {@code network + "\t" + cluster}
   */
  public AnswerMerge(
      Order order, List<List<Column>> headers, List<String> variables, Set<String> owned) {
    this.order = order;
    this.columns = union(headers, variables);
    this.rank = new VersionRank(owned);
    for (List<Column> header : headers) {
      sources.add(new Source(columns.stream().mapToInt(header::indexOf).toArray()));
    }
  }

  /** Columns of all batches, by position. */
  public List<Column> columns() {
    return columns;
  }

  /** As one cluster would order them: as asked for, else as the planner does. */
  private static List<Column> union(List<List<Column>> headers, List<String> variables) {
    var all = new LinkedHashSet<Column>();
    headers.forEach(all::addAll);
    var planned = new LinkedHashSet<Column>();
    VariableDictionary.mesowest().stream().filter(all::contains).forEach(planned::add);
    all.stream().sorted().forEach(planned::add);
    if (variables.isEmpty()) {
      return List.copyOf(planned);
    }
    var ordered = new LinkedHashSet<Column>();
    for (String name : variables) {
      String variable = Names.resolve(name).variable().id();
      planned.stream().filter(column -> column.variable().equals(variable)).forEach(ordered::add);
    }
    return List.copyOf(ordered);
  }

  /** Sources that must give a batch, or end, before {@link #next} may be called. */
  public List<Integer> wants() {
    var wants = new ArrayList<Integer>();
    for (int i = 0; i < sources.size(); i++) {
      if (!sources.get(i).has() && !sources.get(i).ended) {
        wants.add(i);
      }
    }
    return wants;
  }

  /**
   * Takes the next rows of a source: at least one, in order after those before.
   *
   * @param batch with the columns of the source's header, by position
   */
  public void give(int source, AnswerBatch batch) {
    Source to = sources.get(source);
    if (to.has() || to.ended || batch.rows().rows() == 0) {
      throw new IllegalStateException("source " + source + " was not asked for rows");
    }
    to.batch = batch;
    to.at = 0;
  }

  /** A source has no more rows. */
  public void end(int source) {
    sources.get(source).ended = true;
  }

  /** How many of a source's rows are in the answer. */
  public long taken(int source) {
    return sources.get(source).taken;
  }

  /** The next 1 to 8,192 rows; null when all sources have ended, or some want rows first. */
  public @Nullable AnswerBatch next() {
    int picked = 0;
    for (int first = first(); first >= 0 && picked < ROWS_MAX; first = first()) {
      picked = pick(first, picked);
    }
    return picked == 0 ? null : build(picked);
  }

  /**
   * The source with the lowest row; of equal ones the earliest. -1: none has any, or that cannot be
   * told before some have given more.
   */
  private int first() {
    int first = -1;
    for (int i = 0; i < sources.size(); i++) {
      Source source = sources.get(i);
      if (!source.has()) {
        if (!source.ended) {
          return -1;
        }
      } else if (first < 0 || compare(source, sources.get(first), 0) < 0) {
        first = i;
      }
    }
    return first;
  }

  /** Picks the rows of a source that come before all others, or the best of equal ones. */
  private int pick(int first, int picked) {
    Source from = sources.get(first);
    Source other = null;
    var equal = new ArrayList<Integer>();
    for (int i = 0; i < sources.size(); i++) {
      Source candidate = sources.get(i);
      if (i == first || !candidate.has()) {
        continue;
      }
      if (compare(candidate, from, 0) == 0) {
        equal.add(i);
      } else if (other == null || compare(candidate, other, 0) < 0) {
        other = candidate;
      }
    }
    if (!equal.isEmpty()) {
      int best = first;
      for (int candidate : equal) {
        best = better(candidate, best) ? candidate : best;
      }
      add(best, sources.get(best).at, picked);
      equal.add(first);
      equal.forEach(tied -> advance(sources.get(tied), 1));
      return picked + 1;
    }
    int run = other == null ? left(from) : run(from, other);
    int count = Math.min(run, ROWS_MAX - picked);
    for (int i = 0; i < count; i++) {
      add(first, from.at + i, picked + i);
    }
    advance(from, count);
    return picked + count;
  }

  private void add(int source, int row, int at) {
    pickedSource[at] = source;
    pickedRow[at] = row;
    Source from = sources.get(source);
    from.picked = from.current();
    from.taken++;
  }

  private static int left(Source source) {
    return source.rows().rows() - source.at;
  }

  /** How many rows of a source come before the next of another: doubling, then halving. */
  private int run(Source from, Source other) {
    int left = left(from);
    int before = 1; // the first is known to be
    int reach = 2;
    while (reach < left && compare(from, other, reach) < 0) {
      before = reach + 1;
      reach *= 2;
    }
    int end = Math.min(reach, left);
    while (before < end) {
      int middle = (before + end) >>> 1;
      if (compare(from, other, middle) < 0) {
        before = middle + 1;
      } else {
        end = middle;
      }
    }
    return before;
  }

  private static void advance(Source source, int rows) {
    source.at += rows;
    if (source.at == source.rows().rows()) {
      source.batch = null;
    }
  }

  /** Compares the row {@code ahead} of one source's next with the next of another. */
  private int compare(Source one, Source other, int ahead) {
    int a = one.at + ahead;
    int b = other.at;
    ObservationBatch x = one.rows();
    ObservationBatch y = other.rows();
    long timeX = x.timeMicros()[a];
    long timeY = y.timeMicros()[b];
    if (order == Order.KEYS) {
      int byDay = Integer.compare(Day.epochDayOf(timeX), Day.epochDayOf(timeY));
      if (byDay != 0) {
        return byDay;
      }
    }
    int byStation = x.stationAt(a).compareTo(y.stationAt(b));
    return byStation != 0 || order == Order.STATIONS ? byStation : Long.compare(timeX, timeY);
  }

  /** Whether a source's next row counts more than another's with the same key. */
  private boolean better(int candidate, int best) {
    Source one = sources.get(candidate);
    Source other = sources.get(best);
    if (order == Order.STATIONS) {
      int byTime =
          Long.compare(one.rows().timeMicros()[one.at], other.rows().timeMicros()[other.at]);
      if (byTime != 0) {
        return byTime > 0;
      }
    }
    Origin a = origin(one);
    Origin b = origin(other);
    if (a == null || b == null) {
      return a == null && b != null;
    }
    String network = one.rows().stationAt(one.at).network();
    return VersionRank.compare(a, b, rank.owners(network)) > 0;
  }

  private static @Nullable Origin origin(Source source) {
    AnswerBatch batch = source.current();
    int[] origin = batch.origin();
    return origin == null ? null : batch.origins().get(origin[source.at]);
  }

  private AnswerBatch build(int picked) {
    int[][] rows = rowsBySource(picked);
    var parts = new ArrayList<AnswerBatch>();
    var next = new int[rows.length]; // by source its next row among those of all parts
    int before = 0;
    for (int source = 0; source < rows.length; source++) {
      Source from = sources.get(source);
      AnswerBatch batch = from.picked;
      if (batch != null && rows[source].length > 0) {
        parts.add(align(some(batch, rows[source]), from.positions));
      }
      from.picked = null;
      next[source] = before;
      before += rows[source].length;
    }
    if (parts.size() == 1) {
      return parts.get(0);
    }
    var place = new int[picked];
    for (int i = 0; i < picked; i++) {
      place[i] = next[pickedSource[i]]++;
    }
    return AnswerBatches.gather(AnswerBatches.concat(stampedAlike(parts)), place);
  }

  /** By source the rows picked of it, in order. */
  private int[][] rowsBySource(int picked) {
    var counts = new int[sources.size()];
    for (int i = 0; i < picked; i++) {
      counts[pickedSource[i]]++;
    }
    var rows = new int[counts.length][];
    for (int source = 0; source < counts.length; source++) {
      rows[source] = new int[counts[source]];
    }
    Arrays.fill(counts, 0);
    for (int i = 0; i < picked; i++) {
      int source = pickedSource[i];
      rows[source][counts[source]++] = pickedRow[i];
    }
    return rows;
  }

  private static AnswerBatch some(AnswerBatch batch, int[] picks) {
    boolean range = picks[picks.length - 1] - picks[0] == picks.length - 1;
    return range
        ? AnswerBatches.slice(batch, picks[0], picks[picks.length - 1] + 1)
        : AnswerBatches.gather(batch, picks);
  }

  /** Stamps of some and not of others tell nothing. */
  private static List<AnswerBatch> stampedAlike(List<AnswerBatch> parts) {
    return parts.stream().allMatch(part -> part.origin() != null)
        ? parts
        : parts.stream()
            .map(part -> new AnswerBatch(part.rows(), part.flags(), List.of(), null))
            .toList();
  }

  /** The batch with the columns of the merged answer. */
  private AnswerBatch align(AnswerBatch batch, int[] positions) {
    ObservationBatch rows = batch.rows();
    var vectors = new ArrayList<ColumnVector>(columns.size());
    for (int i = 0; i < positions.length; i++) {
      vectors.add(
          positions[i] < 0
              ? Vectors.absent(columns.get(i), rows.rows())
              : rows.columns().get(positions[i]));
    }
    return new AnswerBatch(
        new ObservationBatch(
            rows.rows(), rows.stations(), rows.station(), rows.timeMicros(), vectors),
        batch.flags(),
        batch.origins(),
        batch.origin());
  }
}
