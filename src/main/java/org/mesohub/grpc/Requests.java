package org.mesohub.grpc;

import static org.mesohub.grpc.Invalid.invalid;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.mesohub.api.PutOptions;
import org.mesohub.observation.StationKey;
import org.mesohub.observation.StationSelector;
import org.mesohub.observation.TimeRange;
import org.mesohub.proto.v1.PutHeader;
import org.mesohub.proto.v1.PutToken;
import org.mesohub.proto.v1.QueryRequest;
import org.mesohub.query.BoundingBox;
import org.mesohub.query.Condition;
import org.mesohub.query.InvalidQueryException;
import org.mesohub.query.Query;
import org.mesohub.query.Selection;

/**
 * Requests of {@code mesohub.v1} as the domain says them; what breaks a rule fails as INVALID with
 * the field's name.
 */
final class Requests {
  /** Most stations, networks or values of one condition in a request. */
  static final int LIST_MAX = 10_000;

  /** Most conditions of a request. */
  static final int CONDITIONS_MAX = 100;

  /** Most variables of a request. */
  static final int VARIABLES_MAX = 1_000;

  private static final int SOURCE_BYTES_MAX = 256;
  private static final int CLIENT_BYTES_MAX = 64;
  private static final Set<String> UNITS =
      new TreeSet<>(Set.of("source", "dictionary", "metric", "english"));

  private Requests() {}

  static Selection selection(org.mesohub.proto.v1.Selection selection) {
    TimeRange range = range(selection.getFromUs(), selection.getToUs());
    count("selection.stations", selection.getStationsCount(), LIST_MAX);
    count("selection.networks", selection.getNetworksCount(), LIST_MAX);
    count("selection.where", selection.getWhereCount(), CONDITIONS_MAX);
    var where = new ArrayList<Condition>();
    for (int i = 0; i < selection.getWhereCount(); i++) {
      where.add(condition(selection.getWhere(i), "selection.where[" + i + "]"));
    }
    return new Selection(
        range,
        stations(selection.getStationsList()),
        Set.copyOf(selection.getNetworksList()),
        selection.hasBbox() ? box(selection.getBbox()) : null,
        List.copyOf(where));
  }

  /** Both 0 stand for all times. */
  static TimeRange range(long fromMicros, long toMicros) {
    return fromMicros == 0 && toMicros == 0
        ? TimeRange.ALL
        : new TimeRange(fromMicros, toMicros).intersect(TimeRange.ALL);
  }

  static List<StationSelector> stations(List<String> texts) {
    var stations = new ArrayList<StationSelector>(texts.size());
    for (int i = 0; i < texts.size(); i++) {
      StationSelector station = StationSelector.parse(texts.get(i));
      if (station.station().isEmpty()) {
        throw invalid(
            "selection.stations["
                + i
                + "]: a station id is needed, KSLC or with its network 1/KSLC");
      }
      stations.add(station);
    }
    return List.copyOf(stations);
  }

  static BoundingBox box(org.mesohub.proto.v1.BoundingBox box) {
    try {
      return new BoundingBox(box.getWest(), box.getSouth(), box.getEast(), box.getNorth());
    } catch (InvalidQueryException e) {
      throw invalid("selection.bbox: " + e.getMessage());
    }
  }

  private static Condition condition(org.mesohub.proto.v1.Condition condition, String field) {
    Condition.Op op =
        switch (condition.getOp()) {
          case EQ -> Condition.Op.EQ;
          case NE -> Condition.Op.NE;
          case LT -> Condition.Op.LT;
          case LE -> Condition.Op.LE;
          case GT -> Condition.Op.GT;
          case GE -> Condition.Op.GE;
          case IN -> Condition.Op.IN;
          case OP_UNSPECIFIED, UNRECOGNIZED ->
              throw invalid(field + ".op: one of EQ, NE, LT, LE, GT, GE, IN is needed");
        };
    if (condition.getVariable().isEmpty()) {
      throw invalid(field + ".variable: name a variable, TMPF or air_temperature for example");
    }
    int values = condition.getValuesCount();
    if (op == Condition.Op.IN ? values == 0 : values != 1) {
      throw invalid(
          field
              + ".values: "
              + values
              + " given, "
              + op
              + " takes "
              + (op == Condition.Op.IN ? "at least one" : "one"));
    }
    count(field + ".values", values, LIST_MAX);
    return new Condition(
        condition.getVariable(), op, List.copyOf(condition.getValuesList()), condition.getUnit());
  }

  static Query query(QueryRequest request) {
    if (request.getAsOfCommit() < 0) {
      throw invalid("as_of_commit: a commit number is needed, 0 for the latest");
    }
    if (request.getLimit() < 0) {
      throw invalid("limit: must not be negative, 0 is no limit");
    }
    return new Query(
        selection(request.getSelection()),
        variables(request.getVariablesList()),
        units(request.getUnits()),
        request.getAsOfCommit(),
        request.getHistory(),
        request.getLimit());
  }

  static List<String> variables(List<String> variables) {
    count("variables", variables.size(), VARIABLES_MAX);
    return List.copyOf(variables);
  }

  static String units(String units) {
    if (units.isEmpty()) {
      return "source";
    }
    if (!UNITS.contains(units)) {
      throw invalid("units: \"" + units + "\" is none of " + UNITS);
    }
    return units;
  }

  static PutOptions options(PutHeader header, String principal) {
    bytes("header.source", header.getSource(), SOURCE_BYTES_MAX);
    bytes("header.licence", header.getLicence(), SOURCE_BYTES_MAX);
    bytes("header.default_network", header.getDefaultNetwork(), StationKey.ID_BYTES_MAX);
    return new PutOptions(
        header.hasToken() ? token("header.token", header.getToken()) : null,
        header.getSource(),
        header.getLicence(),
        header.getDefaultNetwork(),
        header.getFormat(),
        header.getDryRun(),
        principal);
  }

  static PutOptions.@Nullable Token token(String field, PutToken token) {
    if (token.getClient().isEmpty()) {
      throw invalid(field + ".client: 1 to " + CLIENT_BYTES_MAX + " UTF-8 bytes are needed");
    }
    bytes(field + ".client", token.getClient(), CLIENT_BYTES_MAX);
    if (token.getSequence() < 0) {
      throw invalid(field + ".sequence: must not be negative");
    }
    return new PutOptions.Token(token.getClient(), token.getSequence());
  }

  private static void bytes(String field, String text, int max) {
    if (text.length() > max || text.getBytes(StandardCharsets.UTF_8).length > max) {
      throw invalid(field + ": at most " + max + " UTF-8 bytes");
    }
  }

  private static void count(String field, int count, int max) {
    if (count > max) {
      throw invalid(field + ": " + count + " are too many, at most " + max);
    }
  }
}
