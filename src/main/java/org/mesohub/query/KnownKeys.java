package org.mesohub.query;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.mesohub.catalog.CatalogueState;
import org.mesohub.catalog.DayEntry;
import org.mesohub.observation.Day;
import org.mesohub.observation.ObservationBatch;
import org.mesohub.observation.StationKey;
import org.mesohub.query.QueryEngine.KeyVisitor;
import org.mesohub.segment.Batches;

/**
 * The keys stored in the days that small puts go to, as hashes: tells of a new key that it is new,
 * however many runs its day has. What is known of a day is of one version of it and includes all
 * keys then stored, perhaps some deleted since; of another version nothing is known. Not
 * thread-safe.
 */
public final class KnownKeys {
  /**
   * Rows of days that one call reads, all together: a few rows of many days must neither keep the
   * committing thread nor fill the heap.
   */
  private static final int LEARNED_ROWS_MAX = 1 << 18;

  /**
   * Hashes of a day, never 0, in an open hash table at most half full. They have 32 bits: in a day
   * of a million keys one new key in 4,000 is taken for a known one, and looked for in vain.
   */
  private static final class OfDay {
    long version;
    int count;
    int[] table = new int[32];

    OfDay(long version) {
      this.version = version;
    }

    /** Keys there is room for: what counts, as many days may have a key or two. */
    int room() {
      return table.length / 2;
    }

    boolean has(int hash) {
      for (int at = hash & (table.length - 1); table[at] != 0; at = (at + 1) & (table.length - 1)) {
        if (table[at] == hash) {
          return true;
        }
      }
      return false;
    }

    void add(int hash) {
      if (2 * count >= table.length) {
        int[] old = table;
        table = new int[2 * old.length];
        count = 0;
        for (int known : old) {
          if (known != 0) {
            add(known);
          }
        }
      }
      int at = hash & (table.length - 1);
      while (table[at] != 0) {
        if (table[at] == hash) {
          return;
        }
        at = (at + 1) & (table.length - 1);
      }
      table[at] = hash;
      count++;
    }
  }

  private final QueryEngine engine;
  private final long keysMax;

  /** The day used longest ago comes first. */
  private final LinkedHashMap<Integer, OfDay> days = new LinkedHashMap<>(16, 0.75f, true);

  /** Keys there is room for in all days. */
  private long keys;

  /** Rows that the call under way may still read. */
  private long mayLearn;

  /**
   * @param keysMax most keys there is room for at once, 8 bytes each; days used longest ago go
   *     first
   */
  public KnownKeys(QueryEngine engine, long keysMax) {
    this.engine = engine;
    this.keysMax = keysMax;
  }

  /** Those of some rows whose keys may be stored, in the same order; may read from the store. */
  public ObservationBatch maybeStored(CatalogueState basis, ObservationBatch rows) {
    mayLearn = Math.min(LEARNED_ROWS_MAX, keysMax);
    var picks = new int[rows.rows()];
    int picked = 0;
    Day day = null;
    OfDay known = null;
    for (int row = 0; row < picks.length; row++) {
      long time = rows.timeMicros()[row];
      if (day == null || Day.epochDayOf(time) != day.epochDay()) {
        day = Day.of(time);
        known = at(basis, day);
      }
      if (known == null || known.has(hash(rows.stationAt(row), time))) {
        picks[picked++] = row;
      }
    }
    return picked == picks.length ? rows : Batches.gather(rows, picks, picked);
  }

  /** Notes the rows of a commit that was compared with {@code basis} and is part of a state. */
  public void committed(
      CatalogueState basis, CatalogueState after, long commit, ObservationBatch rows) {
    Day day = null;
    OfDay known = null;
    for (int row = 0; row < rows.rows(); row++) {
      long time = rows.timeMicros()[row];
      if (day == null || Day.epochDayOf(time) != day.epochDay()) {
        day = Day.of(time);
        known = days.get(day.epochDay());
        if (known != null
            && known.version == basis.dayVersion(day)
            && after.dayVersion(day) == commit) {
          known.version = commit;
        } else if (known == null || known.version != commit) {
          known = null;
        }
      }
      if (known != null) {
        int before = known.room();
        known.add(hash(rows.stationAt(row), time));
        keys += known.room() - before;
      }
    }
    trim();
  }

  private @Nullable OfDay at(CatalogueState basis, Day day) {
    long version = basis.dayVersion(day);
    OfDay known = days.get(day.epochDay());
    if (known != null && known.version == version) {
      return known;
    }
    forget(day);
    OfDay learned = new OfDay(version);
    KeyVisitor visitor =
        (station, time) -> {
          learned.add(hash(station, time));
          return --mayLearn >= 0;
        };
    long rows = 0;
    for (Map.Entry<Day, DayEntry> stored : basis.daysBetween(day, day)) {
      rows += stored.getValue().rows();
    }
    if (rows > mayLearn || !engine.forEachKey(basis, day.range(), visitor)) {
      return null;
    }
    days.put(day.epochDay(), learned);
    keys += learned.room();
    trim();
    return learned;
  }

  private void forget(Day day) {
    OfDay old = days.remove(day.epochDay());
    keys -= old == null ? 0 : old.room();
  }

  /** Lets the days go that were used longest ago. */
  private void trim() {
    var oldest = days.values().iterator();
    while (keys > keysMax && oldest.hasNext()) {
      keys -= oldest.next().room();
      oldest.remove();
    }
  }

  private static int hash(StationKey station, long timeMicros) {
    long hash = KeyPrints.hash(station, timeMicros);
    int folded = (int) (hash ^ hash >>> 32);
    return folded == 0 ? 1 : folded;
  }
}
