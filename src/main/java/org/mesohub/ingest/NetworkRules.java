package org.mesohub.ingest;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.mesohub.observation.ObservationBatch;
import org.mesohub.observation.StationKey;
import org.mesohub.observation.StationSelector;
import org.mesohub.query.Selection;

/**
 * What is known of networks beforehand.
 *
 * @param defaultNetwork network of rows that name none
 * @param aliases other name → network
 * @param licences network → licence of rows whose put names none
 */
public record NetworkRules(
    String defaultNetwork, Map<String, String> aliases, Map<String, String> licences) {
  public NetworkRules {
    aliases = Map.copyOf(aliases);
    licences = Map.copyOf(licences);
  }

  /** Network meant by a name. */
  public String network(String name) {
    return aliases.getOrDefault(name, name);
  }

  /** Selection with every network under its own name. */
  public Selection canonical(Selection selection) {
    if (aliases.isEmpty()) {
      return selection;
    }
    return new Selection(
        selection.range(),
        selection.stations().stream()
            .map(s -> new StationSelector(network(s.network()), s.station()))
            .toList(),
        selection.networks().stream().map(this::network).collect(Collectors.toUnmodifiableSet()),
        selection.bbox(),
        selection.where());
  }

  /** Rows with every network under its own name; the station dictionary keeps distinct keys. */
  ObservationBatch canonical(ObservationBatch batch) {
    if (aliases.isEmpty()
        || batch.stations().stream().noneMatch(key -> aliases.containsKey(key.network()))) {
      return batch;
    }
    List<StationKey> stations = new ArrayList<>();
    var place = new int[batch.stations().size()];
    Map<StationKey, Integer> places = new HashMap<>();
    for (int i = 0; i < place.length; i++) {
      StationKey key = batch.stations().get(i);
      var meant = new StationKey(network(key.network()), key.station());
      Integer known = places.putIfAbsent(meant, stations.size());
      if (known == null) {
        stations.add(meant);
      }
      place[i] = known == null ? stations.size() - 1 : known;
    }
    var station = new int[batch.rows()];
    for (int row = 0; row < station.length; row++) {
      station[row] = place[batch.station()[row]];
    }
    return new ObservationBatch(
        batch.rows(), stations, station, batch.timeMicros(), batch.columns());
  }
}
