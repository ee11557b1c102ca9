package org.mesohub.segment;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.mesohub.observation.StationKey;

/**
 * Merges at most {@link ChunkLimits#FAN_IN_MAX} sorted cursors into one: key order, and within a
 * key ascending commit, then the order of the inputs. Promise: all versions of one key are in one
 * batch (a batch grows past 8,192 rows only for that).
 *
 * <p>Rather than row by row, it works in steps: of the batches at hand, all rows below the least of
 * their last keys are complete whatever comes later; they are sorted by radix as one and laid out
 * column by column. A batch whose rows all come before those of the other inputs goes through
 * untouched.
 */
public final class Merge implements VersionCursor {
  /**
   * Batches are read until a step has this many rows, so that batches are not handed on much
   * smaller.
   */
  private static final int STEP_ROWS_MIN = 4_096;

  /** Fewest rows of a batch handed on untouched; smaller ones are joined with what follows. */
  private static final int UNTOUCHED_ROWS_MIN = 2_048;

  /** How an input makes a dictionary known. */
  interface Stations {
    MergeStations.Ranks add(List<StationKey> dictionary);
  }

  private final List<MergeInput> inputs = new ArrayList<>();
  private final MergeStations stations = new MergeStations();
  private @Nullable MergeStep step;

  public Merge(List<? extends VersionCursor> inputs) {
    if (inputs.size() > ChunkLimits.FAN_IN_MAX) {
      throw new IllegalArgumentException(
          "a merge takes at most "
              + ChunkLimits.FAN_IN_MAX
              + " inputs, not "
              + inputs.size()
              + ": merge some of them into a run first");
    }
    inputs.forEach(cursor -> this.inputs.add(new MergeInput(cursor)));
  }

  @Override
  public @Nullable VersionBatch next() {
    MergeStep pending = step;
    if (pending == null) {
      fill();
      VersionBatch untouched = untouched();
      if (untouched != null) {
        return untouched;
      }
      pending = collect();
      if (pending == null) {
        return null;
      }
    }
    VersionBatch batch = pending.next();
    step = pending.isDone() ? null : pending;
    return batch;
  }

  @Override
  public void close() {
    step = null;
    inputs.forEach(MergeInput::close);
  }

  /** Reads on where nothing is left. */
  private void fill() {
    for (MergeInput input : inputs) {
      if (input.sources().isEmpty() && !input.hasEnded()) {
        load(input);
      }
    }
  }

  private void load(MergeInput input) {
    input.load(dictionary -> stations.add(dictionary, this::ranksInUse));
  }

  private Collection<MergeStations.Ranks> ranksInUse() {
    Set<MergeStations.Ranks> inUse = Collections.newSetFromMap(new IdentityHashMap<>());
    for (MergeInput input : inputs) {
      MergeStations.Ranks ranks = input.ranks();
      if (ranks != null) {
        inUse.add(ranks);
      }
      input.sources().forEach(source -> inUse.add(source.ranks()));
    }
    return inUse;
  }

  /** The batch that comes before everything else, if there is one and its last key ends with it. */
  private @Nullable VersionBatch untouched() {
    MergeInput first = null;
    MergeInput second = null;
    for (MergeInput input : inputs) {
      if (input.sources().isEmpty()) {
        continue;
      }
      if (first == null || compareHeads(input, first) < 0) {
        second = first;
        first = input;
      } else if (second == null || compareHeads(input, second) < 0) {
        second = input;
      }
    }
    if (first == null) {
      return null;
    }
    MergeSource head = first.head();
    int last = head.rows() - 1;
    int left = head.rows() - head.from();
    if (left < UNTOUCHED_ROWS_MIN
        || left > MergeStep.BATCH_ROWS_MAX
        || (second != null && head.compare(last, second.head(), second.head().from()) >= 0)) {
      return null;
    }
    if (first.sources().size() == 1 && !first.hasEnded()) {
      load(first);
    }
    if (first.sources().size() > 1 && head.compare(last, first.sources().get(1), 0) == 0) {
      return null;
    }
    VersionBatch batch = Batches.slice(first.takeHead().batch(), head.from(), head.rows());
    return new VersionBatch(
        Batches.ascendingColumns(batch.rows()), batch.origins(), batch.origin());
  }

  private static int compareHeads(MergeInput a, MergeInput b) {
    return a.head().compare(a.head().from(), b.head(), b.head().from());
  }

  /** Reads until enough rows are safe to hand on; null at the end. */
  private @Nullable MergeStep collect() {
    int rows = 0;
    while (true) {
      MergeSource bound = bound();
      for (MergeInput input : inputs) {
        rows += input.advance(bound);
      }
      if (bound == null || rows >= STEP_ROWS_MIN) {
        break;
      }
      for (MergeInput input : inputs) {
        if (!input.hasEnded() && input.last().compareLast(bound) == 0) {
          load(input);
        }
      }
    }
    if (rows == 0) {
      return null;
    }
    var sources = new ArrayList<MergeSource>();
    for (MergeInput input : inputs) {
      for (MergeSource source : input.sources()) {
        if (source.safe() > source.from()) {
          sources.add(source);
        }
      }
    }
    var collected = new MergeStep(stations.keys(), sources, rows);
    inputs.forEach(MergeInput::dropSafe);
    return collected;
  }

  /**
   * The source with the least last key among those read last from inputs that may have more; null
   * when none has.
   */
  private @Nullable MergeSource bound() {
    MergeSource bound = null;
    for (MergeInput input : inputs) {
      if (!input.hasEnded() && (bound == null || input.last().compareLast(bound) < 0)) {
        bound = input.last();
      }
    }
    return bound;
  }
}
