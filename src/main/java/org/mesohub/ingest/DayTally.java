package org.mesohub.ingest;

import com.google.protobuf.ByteString;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.mesohub.catalog.CatalogueState;
import org.mesohub.observation.Day;
import org.mesohub.observation.ObservationBatch;
import org.mesohub.proto.internal.v1.DayDelta;

/** Adds up by UTC day what a commit compares and changes. */
final class DayTally {
  private static final class OfDay {
    long created;
    boolean changed;
    boolean supersedes;
    final TreeSet<String> networks = new TreeSet<>();
  }

  private final TreeMap<Integer, OfDay> days = new TreeMap<>();

  /** Notes the days of incoming rows, sorted by key. */
  void incoming(ObservationBatch sorted) {
    long dayEnd = Long.MIN_VALUE;
    for (int row = 0; row < sorted.rows(); row++) {
      long time = sorted.timeMicros()[row];
      if (time >= dayEnd) {
        Day day = Day.of(time);
        dayEnd = day.endMicros();
        days.computeIfAbsent(day.epochDay(), d -> new OfDay());
      }
    }
  }

  /** Notes rows that will be written, sorted by key. */
  void changed(ObservationBatch sorted, boolean[] created) {
    long dayEnd = Long.MIN_VALUE;
    OfDay tally = new OfDay();
    int station = -1;
    @Nullable String network = null;
    for (int row = 0; row < sorted.rows(); row++) {
      long time = sorted.timeMicros()[row];
      if (time >= dayEnd) {
        Day day = Day.of(time);
        dayEnd = day.endMicros();
        tally = days.computeIfAbsent(day.epochDay(), d -> new OfDay());
        tally.changed = true;
        station = -1;
        network = null;
      }
      if (sorted.station()[row] != station) {
        station = sorted.station()[row];
        String next = sorted.stations().get(station).network();
        if (!next.equals(network)) {
          network = next;
          tally.networks.add(network);
        }
      }
      if (created[row]) {
        tally.created++;
      } else {
        tally.supersedes = true;
      }
    }
  }

  /** Number of days. */
  int size() {
    return days.size();
  }

  /** Networks of the rows that will be written, ascending. */
  List<String> networks() {
    var all = new TreeSet<String>();
    days.values().forEach(tally -> all.addAll(tally.networks));
    return List.copyOf(all);
  }

  private static ByteString bits(TreeSet<String> networks, List<String> names) {
    var bits = new BitSet(names.size());
    networks.forEach(network -> bits.set(Collections.binarySearch(names, network)));
    return ByteString.copyFrom(bits.toByteArray());
  }

  /** The tally for the catalogue, based on a state's day versions. */
  List<DayDelta> deltas(CatalogueState basis) {
    List<DayDelta> deltas = new ArrayList<>(days.size());
    List<String> names = networks();
    days.forEach(
        (epochDay, tally) ->
            deltas.add(
                DayDelta.newBuilder()
                    .setEpochDay(epochDay)
                    .setRows(tally.created)
                    .setChanged(tally.changed)
                    .setSupersedes(tally.supersedes)
                    .setNetworkBits(bits(tally.networks, names))
                    .setBasis(basis.dayVersion(new Day(epochDay)))
                    .build()));
    return deltas;
  }
}
