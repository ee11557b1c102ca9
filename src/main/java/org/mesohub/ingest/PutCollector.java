package org.mesohub.ingest;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.mesohub.api.ApiException;
import org.mesohub.catalog.StationDescription;
import org.mesohub.format.FormatException;
import org.mesohub.format.Reject;
import org.mesohub.format.RowSink;
import org.mesohub.format.StationRecord;
import org.mesohub.observation.Day;
import org.mesohub.observation.Decimal;
import org.mesohub.observation.ObservationBatch;
import org.mesohub.observation.StationKey;
import org.mesohub.segment.ChunkLimits;
import org.mesohub.segment.Merge;
import org.mesohub.segment.Origin;
import org.mesohub.segment.Sorter;
import org.mesohub.segment.VersionBatch;
import org.mesohub.segment.VersionCursor;
import org.mesohub.store.RejectStore.Rejected;

/**
 * Gathers what a reader reads: rows in memory up to a limit, beyond it as sorted runs on disk;
 * rejects counted, the first of them kept. One thread at a time.
 */
final class PutCollector implements RowSink {
  /** Puts up to this many rows are left unsorted, to be sorted with others of their commit. */
  private static final int FEW_ROWS_MAX = 2_048;

  /** Distinct stations of a put that spills, so that counting them takes bounded memory. */
  private static final int STATIONS_MAX = 500_000;

  private final String putId;
  private final String source;
  private final IngestLimits limits;
  private final NetworkRules networks;
  private final AtomicLong rowsInMemory;
  private final Path spillFolder;
  private final LongSupplier clockMicros;
  private final Set<StationKey> stations = new HashSet<>();
  private final Set<Integer> days = new HashSet<>();
  private final List<Rejected> firstRejects = new ArrayList<>();
  private final List<StationDescription> described = new ArrayList<>();
  private final List<SpillRun> runs = new ArrayList<>();
  private List<ObservationBatch> batches = new ArrayList<>();
  private boolean staysInMemory;
  private int buffered;
  private int stationsInMemory;
  private long rows;
  private long rejected;

  PutCollector(
      String putId,
      String source,
      IngestLimits limits,
      NetworkRules networks,
      AtomicLong rowsInMemory,
      Path spillFolder,
      LongSupplier clockMicros) {
    this.putId = putId;
    this.source = source;
    this.limits = limits;
    this.networks = networks;
    this.rowsInMemory = rowsInMemory;
    this.spillFolder = spillFolder;
    this.clockMicros = clockMicros;
  }

  @Override
  public void batch(ObservationBatch read) {
    ObservationBatch batch = networks.canonical(read);
    noteDays(batch);
    batches.add(batch);
    buffered += batch.rows();
    rows += batch.rows();
    long all = rowsInMemory.addAndGet(batch.rows());
    if (!staysInMemory && (buffered >= limits.rowsPerPutMax() || all > limits.rowsInMemoryMax())) {
      spill();
    }
  }

  /** Spills nothing from now on: for a small put that is read where nothing may block. */
  void keepInMemory() {
    staysInMemory = true;
  }

  @Override
  public void reject(Reject reject) {
    rejected++;
    if (firstRejects.size() < IngestLimits.REJECTS_KEPT_MAX) {
      firstRejects.add(
          new Rejected(
              putId,
              source,
              reject.line(),
              reject.reason(),
              new String(reject.text(), StandardCharsets.UTF_8),
              clockMicros.getAsLong()));
    }
  }

  @Override
  public void stations(List<StationRecord> read) {
    if (described.size() + read.size() > IngestLimits.STATIONS_MAX) {
      throw new FormatException(
          "the list has more than " + IngestLimits.STATIONS_MAX + " stations; put it in parts", 0);
    }
    for (StationRecord record : read) {
      StationKey key = record.key();
      described.add(
          new StationDescription(
              new StationKey(networks.network(key.network()), key.station()),
              record.name(),
              record.state(),
              record.country(),
              text(record.latitude()),
              text(record.longitude()),
              text(record.elevation()),
              record.networkName(),
              record.status(),
              source));
    }
  }

  private static String text(@Nullable Decimal number) {
    return number == null ? "" : number.toString();
  }

  /** Stations of a station list, in input order; empty for observations. */
  List<StationDescription> described() {
    return List.copyOf(described);
  }

  long rows() {
    return rows;
  }

  long rejected() {
    return rejected;
  }

  List<Rejected> firstRejects() {
    return List.copyOf(firstRejects);
  }

  long stations() {
    if (!described.isEmpty()) {
      return described.stream().map(StationDescription::key).distinct().count();
    }
    return runs.isEmpty() ? stationsInMemory : stations.size();
  }

  long days() {
    return days.size();
  }

  /** Everything gathered, ready to be read in key order. Sorts or merges as needed. */
  PutRows rowsReady(Origin origin) {
    if (runs.isEmpty()) {
      ObservationBatch all = joined();
      stationsInMemory = all.stations().size();
      return rows <= FEW_ROWS_MAX
          ? new PutRows.Few(all)
          : new PutRows.Sorted(Sorter.sort(all, origin).batch());
    }
    spill();
    while (runs.size() > ChunkLimits.FAN_IN_MAX) {
      preMerge();
    }
    return new PutRows.Spilled(List.copyOf(runs), rows);
  }

  /** Gives back the memory that was counted; the rows may live on with the commit. */
  void releaseMemory() {
    rowsInMemory.addAndGet(-buffered);
    buffered = 0;
    batches = new ArrayList<>();
  }

  /** Forgets everything. */
  void discard() {
    releaseMemory();
    runs.forEach(SpillRun::delete);
    runs.clear();
  }

  private ObservationBatch joined() {
    ObservationBatch all = Sorter.concat(batches);
    batches = new ArrayList<>();
    return all;
  }

  private void spill() {
    if (buffered == 0) {
      return;
    }
    ObservationBatch all = joined();
    stations.addAll(all.stations());
    if (stations.size() > STATIONS_MAX) {
      throw new ApiException(
          ApiException.Reason.INVALID,
          "the put has more than "
              + STATIONS_MAX
              + " different stations; nothing was stored, check that its columns are right or put"
              + " it in parts");
    }
    VersionBatch sorted = Sorter.sort(all, Origin.local(source, "")).batch();
    releaseMemory();
    runs.add(SpillRun.write(spillFolder, once(sorted)));
  }

  /**
   * Merges neighbours, all of them once: a run is read again as often as the number of runs has
   * digits, not with every run that follows. Input order stays.
   */
  private void preMerge() {
    List<SpillRun> merged = new ArrayList<>();
    while (!runs.isEmpty()) {
      List<SpillRun> oldest = runs.subList(0, Math.min(ChunkLimits.FAN_IN_MAX, runs.size()));
      merged.add(
          oldest.size() == 1
              ? oldest.get(0)
              : SpillRun.write(
                  spillFolder, new Merge(oldest.stream().map(SpillRun::open).toList())));
      if (oldest.size() > 1) {
        oldest.forEach(SpillRun::delete);
      }
      oldest.clear();
    }
    runs.addAll(merged);
  }

  private void noteDays(ObservationBatch batch) {
    long from = Long.MAX_VALUE;
    long to = Long.MIN_VALUE;
    for (int row = 0; row < batch.rows(); row++) {
      long time = batch.timeMicros()[row];
      if (time < from || time >= to) {
        Day day = Day.of(time);
        from = day.startMicros();
        to = day.endMicros();
        days.add(day.epochDay());
      }
    }
  }

  private static VersionCursor once(VersionBatch batch) {
    return new VersionCursor() {
      private @Nullable VersionBatch left = batch;

      @Override
      public @Nullable VersionBatch next() {
        VersionBatch next = left;
        left = null;
        return next;
      }
    };
  }
}
