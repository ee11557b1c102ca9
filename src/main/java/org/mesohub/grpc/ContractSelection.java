package org.mesohub.grpc;

import static org.mesohub.grpc.Invalid.invalid;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.mesohub.grpc.ParamsJson.Param;
import org.mesohub.observation.StationSelector;
import org.mesohub.observation.TimeRange;
import org.mesohub.observation.VariableDictionary;
import org.mesohub.proto.contract.QueryParams;
import org.mesohub.query.Condition;
import org.mesohub.query.Condition.Op;
import org.mesohub.query.Selection;

/** Makes a selection of the query parameters of the 2018 contract. */
final class ContractSelection {
  /** The 13 value columns, in the order of the contract's rows. */
  static final List<String> VARIABLES =
      VariableDictionary.mesowest().stream().map(VariableDictionary::label).toList();

  /** A network number as the contract's rows write it, with a point. */
  private static final Pattern POINTED = Pattern.compile("(-?[0-9]+)\\.0*");

  private TimeRange range;
  private @Nullable Set<String> stations;
  private @Nullable Set<String> networks;
  private final List<Condition> where = new ArrayList<>();

  private ContractSelection(TimeRange range) {
    this.range = range;
  }

  /**
   * Fails as INVALID for anything that is not understood. The range is empty when nothing can
   * match.
   */
  static Selection of(QueryParams params) {
    var selection =
        new ContractSelection(ContractTime.range(params.getFromUtc(), params.getToUtc()));
    ParamsJson.parse(params.getParamsJson()).forEach(selection::add);
    return selection.build();
  }

  private void add(Param param) {
    switch (param.column()) {
      case "STN" -> stations = both(stations, names(param));
      case "MNET" -> networks = both(networks, networks(param));
      case "TIMESTAMP" -> range = range.intersect(times(param));
      default -> where.add(condition(param));
    }
  }

  private Selection build() {
    boolean none =
        (stations != null && stations.isEmpty()) || (networks != null && networks.isEmpty());
    return new Selection(
        none ? new TimeRange(range.fromMicros(), range.fromMicros()) : range,
        stations == null
            ? List.of()
            : stations.stream().map(id -> new StationSelector("", id)).toList(),
        networks == null ? Set.of() : Set.copyOf(networks),
        null,
        List.copyOf(where));
  }

  private static Set<String> both(@Nullable Set<String> before, Set<String> names) {
    if (before != null) {
      names.retainAll(before);
    }
    return names;
  }

  private static Set<String> names(Param param) {
    if (param.op() != Op.EQ && param.op() != Op.IN) {
      throw invalid(param.field() + ".op: " + param.column() + " is compared by eq or in only");
    }
    return new LinkedHashSet<>(param.values());
  }

  /** Rows say {@code 8.0} where the network's id is {@code 8}. */
  private static Set<String> networks(Param param) {
    var ids = new LinkedHashSet<String>();
    for (String name : names(param)) {
      Matcher pointed = POINTED.matcher(name);
      ids.add(pointed.matches() ? pointed.group(1) : name);
    }
    return ids;
  }

  private static TimeRange times(Param param) {
    if (param.op() == Op.IN) {
      throw invalid(param.field() + ".op: TIMESTAMP is compared with one time, not with a list");
    }
    long time = ContractTime.parse(param.field() + ".rhs", param.values().get(0));
    long from = TimeRange.TIME_MIN_MICROS;
    long to = TimeRange.TIME_END_MICROS;
    return switch (param.op()) {
      case EQ -> new TimeRange(time, time + 1);
      case GT -> new TimeRange(time + 1, to);
      case GE -> new TimeRange(time, to);
      case LT -> new TimeRange(from, time);
      case LE -> new TimeRange(from, time + 1);
      case NE, IN -> throw new IllegalStateException("not an operator of the contract: " + param);
    };
  }

  private Condition condition(Param param) {
    if (!VARIABLES.contains(param.column())) {
      throw invalid(
          param.field()
              + ".lhs: unknown column \""
              + param.column()
              + "\", known are STN, TIMESTAMP, MNET, "
              + String.join(", ", VARIABLES));
    }
    param.values().forEach(value -> number(param.field(), value));
    if (param.values().isEmpty()) {
      range = new TimeRange(range.fromMicros(), range.fromMicros());
    }
    return new Condition(param.column(), param.op(), param.values(), "");
  }

  private static void number(String field, String value) {
    try {
      new BigDecimal(value);
    } catch (NumberFormatException e) {
      throw invalid(field + ".rhs: \"" + value + "\" is no number");
    }
  }
}
