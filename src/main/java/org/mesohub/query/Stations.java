package org.mesohub.query;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.mesohub.observation.StationKey;
import org.mesohub.observation.StationSelector;
import org.mesohub.segment.Chunk;

/** Which stations are asked for, found fast in a chunk's sorted dictionary. */
sealed interface Stations {
  /** All of them. */
  Stations EVERY = new Every();

  static Stations selected(List<StationSelector> selectors) {
    return selectors.isEmpty() ? EVERY : new Selected(selectors);
  }

  /**
   * Whether a chunk of one day with these networks and first and last stations may have a station
   * asked for.
   */
  boolean mayHave(List<String> networks, StationKey first, StationKey last, Set<StationKey> except);

  /** How many stations are meant, if no id is in several networks; Integer.MAX_VALUE for all. */
  int count();

  /** Positions in a chunk's dictionary. */
  BitSet in(Chunk chunk, List<String> networks);

  /** No restriction. */
  record Every() implements Stations {
    @Override
    public boolean mayHave(
        List<String> networks, StationKey first, StationKey last, Set<StationKey> except) {
      return !(first.equals(last) && except.contains(first));
    }

    @Override
    public int count() {
      return Integer.MAX_VALUE;
    }

    @Override
    public BitSet in(Chunk chunk, List<String> networks) {
      int all = chunk.stations().size();
      var bits = new BitSet(all);
      bits.set(0, all);
      return bits;
    }
  }

  /** Stations by selectors, which may leave the network open. */
  final class Selected implements Stations {
    /**
     * Above this many candidate keys a look at every station is cheaper than a search for each
     * candidate.
     */
    private static final int CANDIDATES_MAX = 1_000;

    /** Networks in which stations are searched one by one. */
    private static final int NETWORKS_FEW = 2;

    private final List<StationSelector> selectors;
    private final Map<String, Set<String>> networksByStation = new HashMap<>();

    private Selected(List<StationSelector> selectors) {
      this.selectors = List.copyOf(selectors);
      for (StationSelector selector : selectors) {
        networksByStation
            .computeIfAbsent(selector.station(), s -> new HashSet<>())
            .add(selector.network());
      }
    }

    @Override
    public boolean mayHave(
        List<String> networks, StationKey first, StationKey last, Set<StationKey> except) {
      if (tooMany(networks)) {
        return true;
      }
      for (StationKey key : candidates(networks)) {
        if (first.compareTo(key) <= 0 && key.compareTo(last) <= 0 && !except.contains(key)) {
          return true;
        }
      }
      return false;
    }

    @Override
    public int count() {
      return selectors.size();
    }

    @Override
    public BitSet in(Chunk chunk, List<String> networks) {
      List<StationKey> dictionary = chunk.stations();
      var bits = new BitSet(dictionary.size());
      if (networks.size() > NETWORKS_FEW && selectors.size() <= CANDIDATES_MAX) {
        for (String id : networksByStation.keySet()) {
          mark(id, chunk, bits);
        }
        return bits;
      }
      if (tooMany(networks)) {
        for (int i = 0; i < dictionary.size(); i++) {
          if (matches(dictionary.get(i))) {
            bits.set(i);
          }
        }
        return bits;
      }
      for (StationKey key : candidates(networks)) {
        int index = Collections.binarySearch(dictionary, key);
        if (index >= 0) {
          bits.set(index);
        }
      }
      return bits;
    }

    /** Marks the stations of an id that are asked for. */
    private void mark(String id, Chunk chunk, BitSet bits) {
      var named = new BitSet();
      chunk.markStations(id, named);
      for (int i = named.nextSetBit(0); i >= 0; i = named.nextSetBit(i + 1)) {
        if (matches(chunk.stations().get(i))) {
          bits.set(i);
        }
      }
    }

    private boolean tooMany(List<String> networks) {
      return (long) selectors.size() * networks.size() > CANDIDATES_MAX;
    }

    private List<StationKey> candidates(List<String> networks) {
      var keys = new ArrayList<StationKey>();
      for (StationSelector selector : selectors) {
        if (selector.network().isEmpty()) {
          for (String network : networks) {
            keys.add(new StationKey(network, selector.station()));
          }
        } else {
          keys.add(new StationKey(selector.network(), selector.station()));
        }
      }
      return keys;
    }

    private boolean matches(StationKey key) {
      Set<String> networks = networksByStation.get(key.station());
      return networks != null && (networks.contains("") || networks.contains(key.network()));
    }
  }
}
