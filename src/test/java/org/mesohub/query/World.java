package org.mesohub.query;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.mesohub.catalog.CatalogueState;
import org.mesohub.catalog.DayEntry;
import org.mesohub.catalog.RunRef;
import org.mesohub.observation.CellState;
import org.mesohub.observation.Column;
import org.mesohub.observation.Day;
import org.mesohub.observation.Decimal;
import org.mesohub.observation.StationKey;
import org.mesohub.observation.StationSelector;
import org.mesohub.observation.TimeRange;
import org.mesohub.observation.ValueKind;
import org.mesohub.observation.VariableDictionary;
import org.mesohub.segment.Chunk;
import org.mesohub.segment.ChunkId;
import org.mesohub.segment.ChunkSummary;
import org.mesohub.segment.EncodedChunk;
import org.mesohub.segment.Manifest;
import org.mesohub.segment.Origin;
import org.mesohub.segment.RowKey;
import org.mesohub.segment.Tombstone;
import org.pcollections.TreePMap;
import org.pcollections.TreePVector;

/** A random catalogue with its chunks, and the same rows as a plain list. */
final class World implements ChunkSource {
  /** Days before and after a leap day, a month's end and a year's end. */
  static final List<Integer> DAYS = List.of(18_320, 18_321, 18_322, 18_323, 18_324, 18_627, 18_628);

  static final long MINUTE = 60_000_000L;
  static final List<StationKey> STATIONS = stations();
  static final List<Column> COLUMNS = columns();

  final Random random;
  final long step;
  final Map<ChunkId, Chunk> chunks = new HashMap<>();
  final Map<ChunkId, Manifest> manifests = new HashMap<>();
  final Map<RunRef, List<Version>> rows = new LinkedHashMap<>();
  final TreeMap<Day, List<RunRef>> days = new TreeMap<>();
  final List<Tombstone> tombstones = new ArrayList<>();
  long commit;

  /** Whether what is decoded is kept, as a node does. */
  boolean keepsDecoded;

  private final Map<ChunkId, DecodedChunk> decoded = new ConcurrentHashMap<>();
  private boolean oneChunk;

  World(long seed, int commits, int rowsMax, long step) {
    this.random = new Random(seed);
    this.step = step;
    while (commit < commits) {
      commit++;
      int kind = random.nextInt(10);
      if (kind == 0 && commit > 1) {
        delete();
      } else if (kind <= 2 && !days.isEmpty()) {
        compact();
      } else if (kind == 3 && days.size() > 3 && random.nextInt(3) == 0) {
        days.remove(pick(List.copyOf(days.keySet())));
      } else {
        put(1 + random.nextInt(rowsMax));
      }
    }
  }

  /**
   * The same keys put again and again, then compacted: nearly every block starts amid the versions
   * of a key.
   */
  static World deep(long seed, int keys, int puts) {
    var world = new World(seed, 0, 0, World.MINUTE);
    var all = new TreeSet<RowKey>();
    while (all.size() < keys) {
      all.add(new RowKey(world.pick(STATIONS), world.time()));
    }
    while (world.commit < puts) {
      world.commit++;
      Origin origin = Origin.local("file " + world.commit, "");
      world.add(
          all.stream().map(k -> new Version(k, world.cells(4), origin)).toList(), false, 1, null);
    }
    world.commit++;
    world.oneChunk = true;
    world.compact(List.copyOf(world.days.keySet()));
    return world;
  }

  /**
   * A put an hour, of many rows of this hour and some late ones of the hour before, of which some
   * correct what is there.
   */
  static World hourly(long seed, int hours, int rows) {
    var world = new World(seed, 0, 0, World.MINUTE);
    long start = new Day(DAYS.get(0)).endMicros() - 2 * HourStations.HOUR_MICROS;
    var before = new ArrayList<RowKey>();
    while (world.commit < hours) {
      var keys = new TreeSet<RowKey>();
      long hour = start + world.commit * HourStations.HOUR_MICROS;
      for (int i = 0; i < rows; i++) {
        keys.add(new RowKey(world.pick(STATIONS), hour + world.random.nextInt(3_600) * 1_000_000L));
      }
      List<RowKey> own = List.copyOf(keys);
      for (int i = 0; i < 2 && !before.isEmpty(); i++) {
        RowKey known = world.pick(before);
        keys.add(known);
        keys.add(new RowKey(known.station(), known.timeMicros() + 1));
      }
      before.clear();
      before.addAll(own);
      world.commit++;
      Origin origin = Origin.local("hour " + world.commit, "");
      world.add(
          keys.stream().map(k -> new Version(k, world.cells(6), origin)).toList(), false, 1, null);
    }
    return world;
  }

  @Override
  public @Nullable DecodedChunk decoded(ChunkId id) {
    Chunk chunk = chunks.get(id);
    return keepsDecoded && chunk != null
        ? decoded.computeIfAbsent(id, i -> new DecodedChunk(chunk, grown -> {}))
        : null;
  }

  @Override
  public long decodedBytesMax() {
    return Long.MAX_VALUE;
  }

  private static List<StationKey> stations() {
    var stations = new ArrayList<StationKey>();
    for (String network : List.of("1", "10", "8", "UUNET")) {
      for (String station : List.of("KSLC", "KPVU", "A", "B7", "Z9", "m")) {
        stations.add(new StationKey(network, station));
      }
    }
    return List.copyOf(stations);
  }

  private static List<Column> columns() {
    var columns = new ArrayList<>(VariableDictionary.mesowest());
    columns.removeIf(c -> !c.variable().matches("l.*tude|air_temp.*|wind_from.*|present.*|lwe.*"));
    columns.add(Column.decimal("air_temperature", 0, "K"));
    columns.add(new Column("air_temperature", "2", 0, 0, "Cel", ValueKind.DECIMAL));
    columns.add(new Column("air_temperature", "", 0, 0, "K", ValueKind.FLOAT32));
    columns.add(new Column("present_weather_text", "", 0, 0, "", ValueKind.TEXT));
    return List.copyOf(columns);
  }

  static long commitTime(long commit) {
    return 18_322 * Day.MICROS + commit * 3 * 60 * MINUTE;
  }

  CatalogueState state() {
    TreePMap<Day, DayEntry> entries = TreePMap.empty();
    for (Map.Entry<Day, List<RunRef>> day : days.entrySet()) {
      var networks = new TreeSet<String>();
      for (RunRef ref : day.getValue()) {
        of(ref, day.getKey()).forEach(v -> networks.add(v.key().station().network()));
      }
      entries =
          entries.plus(
              day.getKey(), new DayEntry(commit, TreePVector.from(day.getValue()), 1, networks));
    }
    CatalogueState empty = CatalogueState.empty("here");
    return new CatalogueState(
        empty.clusterId(),
        commit,
        commitTime(commit),
        entries,
        TreePVector.from(tombstones),
        empty.tokens(),
        empty.condemned(),
        empty.condemnEpoch(),
        empty.runsEpoch());
  }

  /** Versions of a reference in a day, in order. */
  List<Version> of(RunRef ref, Day day) {
    return rows.getOrDefault(ref, List.of()).stream()
        .filter(v -> Day.of(v.key().timeMicros()).equals(day))
        .toList();
  }

  @Override
  public Manifest manifest(ChunkId id) {
    return manifests.get(id);
  }

  @Override
  public Chunk chunk(ChunkId id) {
    return chunks.get(id);
  }

  <T> T pick(List<T> from) {
    return from.get(random.nextInt(from.size()));
  }

  long time() {
    long day = pick(DAYS) * Day.MICROS;
    long steps = Day.MICROS / step;
    return day
        + switch (random.nextInt(4)) {
          case 0 -> 0;
          case 1 -> Day.MICROS - 1;
          default -> random.nextLong(steps) * step;
        };
  }

  private void delete() {
    long a = time();
    long b = time();
    Set<String> networks = random.nextBoolean() ? Set.of() : Set.of(pick(STATIONS).network());
    List<StationSelector> stations =
        random.nextBoolean()
            ? List.of()
            : List.of(
                new StationSelector("", pick(STATIONS).station()),
                StationSelector.parse(pick(STATIONS).toString()));
    tombstones.add(
        new Tombstone(commit, new TimeRange(Math.min(a, b), Math.max(a, b)), networks, stations));
  }

  private void put(int count) {
    var byKey = new TreeMap<RowKey, Version>();
    List<Version> repeated = new ArrayList<>();
    Origin origin =
        random.nextInt(4) == 0
            ? new Origin(0, "there", commit * 2, commitTime(random.nextInt(9)) + 1, "feed", "")
            : Origin.local("file " + commit, "CC0");
    int stations = 1 + random.nextInt(STATIONS.size());
    int columns = 1 + random.nextInt(COLUMNS.size());
    for (int i = 0; i < count; i++) {
      var version =
          new Version(
              new RowKey(STATIONS.get(random.nextInt(stations)), time()), cells(columns), origin);
      if (byKey.put(version.key(), version) != null && random.nextInt(3) == 0) {
        repeated.add(version);
      }
    }
    List<Version> all = new ArrayList<>(byKey.values());
    all.addAll(repeated);
    add(all, random.nextInt(3) == 0, random.nextInt(4) == 0 ? 2 : 1, null);
  }

  private Map<Column, Object> cells(int columns) {
    var cells = new TreeMap<Column, Object>();
    for (int i = 0; i < columns; i++) {
      Column column = COLUMNS.get(i);
      switch (random.nextInt(5)) {
        case 0 -> {}
        case 1 -> cells.put(column, Cell.MISSING);
        default -> cells.put(column, value(column));
      }
    }
    return cells;
  }

  private Object value(Column column) {
    if (column.kind() == ValueKind.TEXT) {
      return "'" + pick(List.of("RA", "SN", "RA SN", ""));
    }
    int middle =
        switch (column.unit()) {
          case "K" -> 293;
          case "Cel" -> 20;
          case "[degF]" -> 68;
          default -> 40;
        };
    int scale = random.nextInt(4);
    long whole = middle - 5 + random.nextInt(10);
    long unscaled = whole * Decimal.pow10(scale) + (random.nextInt(3) == 0 ? 1 : 0);
    if (column.kind() == ValueKind.FLOAT32) {
      return (float) (unscaled / (double) Decimal.pow10(scale));
    }
    return column.kind() == ValueKind.DECIMAL && random.nextInt(20) == 0
        ? new Decimal(0, CellState.of(random.nextBoolean(), 0, scale))
        : new Decimal(unscaled, scale);
  }

  /**
   * Replaces the runs of some neighbouring days by one; a manifest may go on being listed by other
   * days.
   */
  private void compact() {
    List<Day> known = List.copyOf(days.keySet());
    int from = random.nextInt(known.size());
    int to = Math.min(known.size(), from + 1 + random.nextInt(3));
    compact(known.subList(from, to));
  }

  private void compact(List<Day> compacted) {
    var all = new ArrayList<Version>();
    for (RunRef ref : inOrder(compacted)) {
      for (Day day : compacted) {
        if (days.get(day).contains(ref)) {
          for (Version v : of(ref, day)) {
            all.add(
                new Version(
                    v.key(), v.cells(), v.origin().resolve(ref.commit(), ref.commitTimeMicros())));
          }
        }
      }
    }
    if (!all.isEmpty()) {
      add(all, random.nextInt(9) == 0, 1, Set.copyOf(compacted));
    }
  }

  List<RunRef> inOrder(Iterable<Day> some) {
    var refs = new LinkedHashSet<RunRef>();
    for (Day day : some) {
      refs.addAll(days.getOrDefault(day, List.of()));
    }
    return refs.stream().sorted(Comparator.comparingLong(RunRef::commit)).toList();
  }

  private void add(List<Version> versions, boolean inline, int runs, Set<Day> replaced) {
    long commitTime = commitTime(commit);
    List<List<Version>> split = new ArrayList<>();
    for (int i = 0; i < runs; i++) {
      split.add(new ArrayList<>());
    }
    versions.forEach(v -> split.get(random.nextInt(runs)).add(v));
    split.removeIf(List::isEmpty);
    // Stable: equal keys of a put keep their order, versions to be compacted come in commit order.
    Comparator<Version> order = Comparator.comparing(Version::key);
    split.forEach(
        run ->
            run.sort(replaced == null ? order : order.thenComparingLong(v -> v.origin().commit())));
    RunRef.Body body;
    if (inline && split.size() == 1) {
      EncodedChunk chunk = Version.encode(split.get(0));
      body = new RunRef.Body.Inline(chunk.summary().id(), chunk.bytes());
    } else {
      var summaries = split.stream().map(this::store).toList();
      var id = ChunkId.of(("manifest " + commit).getBytes(java.nio.charset.StandardCharsets.UTF_8));
      manifests.put(id, new Manifest(summaries));
      body = new RunRef.Body.Stored(id);
    }
    var ref = new RunRef(commit, commitTime, body);
    var all = new ArrayList<Version>();
    split.forEach(all::addAll);
    rows.put(ref, all);
    for (Day day : replaced == null ? Set.<Day>of() : replaced) {
      days.put(day, new ArrayList<>());
    }
    for (Version version : all) {
      List<RunRef> listed =
          days.computeIfAbsent(Day.of(version.key().timeMicros()), d -> new ArrayList<>());
      if (!listed.contains(ref)) {
        listed.add(ref);
      }
    }
    days.values().removeIf(List::isEmpty);
  }

  private List<ChunkSummary> store(List<Version> run) {
    var summaries = new ArrayList<ChunkSummary>();
    int from = 0;
    while (from < run.size()) {
      int to =
          oneChunk
              ? run.size()
              : Math.min(run.size(), from + 1 + random.nextInt(Math.max(20, run.size())));
      EncodedChunk chunk = Version.encode(run.subList(from, to));
      chunks.put(chunk.summary().id(), Chunk.open(chunk.bytes()));
      summaries.add(chunk.summary());
      from = to;
    }
    return Collections.unmodifiableList(summaries);
  }
}
