package org.mesohub.format;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.mesohub.observation.StationKey;

/** The station dictionary of the batch that is being filled, by what is known of stations. */
final class StationInterner {
  /** Result: the station or network id cannot be taken; {@link #error} says why. */
  static final int BAD = KnownStations.BAD;

  private final KnownStations known;
  private List<StationKey> batchKeys = new ArrayList<>();
  private int generation = 1;

  /** Per number of a station the generation it was used in last and its index then. */
  private long[] used = new long[0];

  StationInterner(KnownStations known) {
    this.known = known;
    known.bound();
  }

  /** Why the last id was {@link #BAD}. */
  String error() {
    return known.error;
  }

  /**
   * Index of a station; the network's slice is empty where the row names none. Slices carry no
   * spaces around.
   */
  int intern(byte[] b, int station, int stationEnd, int network, int networkEnd) {
    int number = known.number(b, station, stationEnd, network, networkEnd, false);
    return number < 0 ? BAD : index(number);
  }

  /** {@link #intern} where the network must be a number. */
  int internNumber(byte[] b, int station, int stationEnd, int network, int networkEnd) {
    int number = known.number(b, station, stationEnd, network, networkEnd, true);
    return number < 0 ? BAD : index(number);
  }

  /** Index of a station by two words that were {@link #remember}ed, else {@link #BAD}. */
  int find(long stationWord, long networkWord) {
    int number = known.words.find(stationWord, networkWord);
    return number < 0 ? BAD : index(number);
  }

  /** Keeps two words, not found before, for the station of an index of this batch. */
  void remember(long stationWord, long networkWord, int index) {
    int number = known.number(batchKeys.get(index));
    known.words.add(stationWord, networkWord, number);
  }

  /** Changes with every batch; an index is good for one generation. */
  int generation() {
    return generation;
  }

  /** The dictionary of the batch; the next batch starts an empty one. */
  List<StationKey> take() {
    List<StationKey> taken = batchKeys;
    batchKeys = new ArrayList<>();
    generation++;
    known.bound();
    return taken;
  }

  private int index(int spelling) {
    int number = known.first(spelling);
    if (number >= used.length) {
      used = Arrays.copyOf(used, Math.max(number + 1, known.size() * 2));
    }
    long last = used[number];
    if (last >>> Integer.SIZE == generation) {
      return (int) last;
    }
    int index = batchKeys.size();
    batchKeys.add(known.key(number));
    used[number] = (long) generation << Integer.SIZE | index;
    return index;
  }
}
