package org.mesohub.query;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;
import org.mesohub.catalog.CatalogueState;
import org.mesohub.catalog.DayEntry;
import org.mesohub.catalog.RunRef;
import org.mesohub.observation.BatchBuilder;
import org.mesohub.observation.Day;
import org.mesohub.observation.StationKey;
import org.mesohub.observation.VariableDictionary;
import org.mesohub.segment.Chunk;
import org.mesohub.segment.ChunkEncoder;
import org.mesohub.segment.ChunkId;
import org.mesohub.segment.ChunkSummary;
import org.mesohub.segment.Manifest;
import org.mesohub.segment.Origin;
import org.mesohub.segment.VersionBatch;
import org.pcollections.TreePMap;
import org.pcollections.TreePVector;

/**
 * A day of about a million rows in one run: stations report every 15 minutes, with MesoWest's 13
 * columns.
 */
final class CompactedDay implements ChunkSource {
  static final int STATIONS = 10_900;
  static final int REPORTS = 96;
  private static final Day DAY = new Day(17_606);
  private static final long INTERVAL_MICROS = Day.MICROS / REPORTS;

  /** Typical value and spread per column, in hundredths. */
  private static final int[] MIDDLE = {
    4_000, -11_000, 90_000, 6_000, 800, 18_000, 1_500, 101_300, 2_990, 4_000, 5_000, 0, 10
  };

  private static final int[] SPREAD = {
    0, 0, 0, 2_500, 700, 18_000, 900, 1_500, 60, 2_000, 4_500, 0, 40
  };

  private final Map<ChunkId, Chunk> chunks = new HashMap<>();
  private final Manifest manifest;
  final CatalogueState state;

  CompactedDay() {
    var summaries = new ArrayList<ChunkSummary>();
    var encoder =
        new ChunkEncoder(
            chunk -> {
              chunks.put(chunk.summary().id(), Chunk.open(chunk.bytes()));
              summaries.add(chunk.summary());
            });
    var stations = new TreeSet<StationKey>();
    for (int i = 0; i < STATIONS; i++) {
      stations.add(station(i));
    }
    var random = new Random(1);
    Origin origin = new Origin(1, "", 1, DAY.endMicros(), "feed", "");
    var builder = new BatchBuilder(8_192);
    stations.forEach(builder::station);
    VariableDictionary.mesowest().forEach(builder::column);
    var base = new int[MIDDLE.length];
    for (StationKey station : stations) {
      for (int c = 0; c < base.length; c++) {
        base[c] = MIDDLE[c] + random.nextInt(2 * SPREAD[c] + (c < 3 ? 2_000 : 1)) - SPREAD[c];
      }
      boolean sparse = random.nextInt(3) == 0;
      for (int report = 0; report < REPORTS; report++) {
        builder.addRow(builder.station(station), DAY.startMicros() + report * INTERVAL_MICROS);
        for (int c = 0; c < base.length; c++) {
          if (c == 11 || (sparse && c > 5)) {
            builder.missing(c);
          } else {
            int change = c < 3 ? 0 : random.nextInt(SPREAD[c] / 20 + 1);
            builder.decimal(c, base[c] + change, 2);
          }
        }
      }
      if (builder.rows() > 8_000) {
        add(encoder, builder, origin);
      }
    }
    add(encoder, builder, origin);
    encoder.finish();
    manifest = new Manifest(List.of(List.copyOf(summaries)));
    var ref = new RunRef(1, DAY.endMicros(), new RunRef.Body.Stored(ChunkId.of(new byte[] {1})));
    var entry =
        new DayEntry(1, TreePVector.singleton(ref), (long) STATIONS * REPORTS, new TreeSet<>());
    CatalogueState empty = CatalogueState.empty("bench");
    state =
        new CatalogueState(
            empty.clusterId(),
            1,
            DAY.endMicros(),
            TreePMap.singleton(DAY, entry),
            empty.tombstones(),
            empty.tokens(),
            empty.condemned(),
            empty.condemnEpoch(),
            empty.runsEpoch());
  }

  private static void add(ChunkEncoder encoder, BatchBuilder builder, Origin origin) {
    if (builder.rows() > 0) {
      int rows = builder.rows();
      encoder.add(new VersionBatch(builder.build(), List.of(origin), new int[rows]));
    }
  }

  static StationKey station(int i) {
    return new StationKey("" + (1 + i / 400), "ST%05d".formatted(i));
  }

  int chunks() {
    return chunks.size();
  }

  @Override
  public Manifest manifest(ChunkId id) {
    return manifest;
  }

  @Override
  public Chunk chunk(ChunkId id) {
    return chunks.get(id);
  }
}
