package org.mesohub.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.mesohub.api.ApiException;
import org.mesohub.observation.StationSelector;
import org.mesohub.proto.contract.QueryParams;
import org.mesohub.query.Condition;
import org.mesohub.query.Condition.Op;
import org.mesohub.query.Selection;

class ContractSelectionTest {
  private static Selection of(String json) {
    return of("2012-02-01 00:00:00", "2012-02-02 00:00:00", json);
  }

  private static Selection of(String from, String to, String json) {
    return ContractSelection.of(
        QueryParams.newBuilder().setFromUtc(from).setToUtc(to).setParamsJson(json).build());
  }

  @Test
  void readsTimesAsUtc() {
    Selection selection = of("1970-01-01 00:00:00", "1970-01-02 00:00:01", "");
    assertThat(selection.range().fromMicros()).isZero();
    assertThat(selection.range().toMicros()).isEqualTo(86_401_000_000L);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "2012-02-30 00:00:00",
        "2012-02-01",
        "2012-02-01T00:00:00",
        "20120201/0000",
        "x"
      })
  void refusesWhatIsNoTime(String text) {
    assertThatThrownBy(() -> of(text, "2012-02-02 00:00:00", ""))
        .isInstanceOf(ApiException.class)
        .hasMessageStartingWith("from_utc");
    assertThatThrownBy(() -> of("2012-02-02 00:00:00", text, ""))
        .isInstanceOf(ApiException.class)
        .hasMessageStartingWith("to_utc");
  }

  @Test
  void readsEveryOperator() {
    Selection selection =
        of(
            """
            [{"lhs":"TMPF","op":"gt","rhs":"0"},{"lhs":"RELH","op":"gte","rhs":"1.5"},
             {"lhs":"SKNT","op":"lt","rhs":"-2"},{"lhs":"DRCT","op":"lte","rhs":"3"},
             {"lhs":"ALTI","op":"eq","rhs":"4"},{"lhs":"P24I","op":"in","rhs":["5","6"]}]
            """);
    assertThat(selection.where())
        .containsExactly(
            new Condition("TMPF", Op.GT, List.of("0"), ""),
            new Condition("RELH", Op.GE, List.of("1.5"), ""),
            new Condition("SKNT", Op.LT, List.of("-2"), ""),
            new Condition("DRCT", Op.LE, List.of("3"), ""),
            new Condition("ALTI", Op.EQ, List.of("4"), ""),
            new Condition("P24I", Op.IN, List.of("5", "6"), ""));
  }

  @Test
  void stationsAndNetworksSelectInsteadOfCompare() {
    Selection selection =
        of(
            "[{\"lhs\":\"STN\",\"op\":\"eq\",\"rhs\":[\"HCOT1\",\"BBN\"]},{\"lhs\":\"MNET\",\"op\":\"eq\",\"rhs\":\"8.0\"}]");
    assertThat(selection.stations())
        .containsExactly(new StationSelector("", "HCOT1"), new StationSelector("", "BBN"));
    assertThat(selection.networks()).isEqualTo(Set.of("8"));
    assertThat(selection.where()).isEmpty();
  }

  @Test
  void conditionsOnTheSameNameMustAllHold() {
    Selection both =
        of(
            "[{\"lhs\":\"STN\",\"op\":\"in\",\"rhs\":[\"A\",\"B\"]},{\"lhs\":\"STN\",\"op\":\"eq\",\"rhs\":\"B\"}]");
    assertThat(both.stations()).containsExactly(new StationSelector("", "B"));
    Selection none =
        of(
            "[{\"lhs\":\"STN\",\"op\":\"eq\",\"rhs\":\"A\"},{\"lhs\":\"STN\",\"op\":\"eq\",\"rhs\":\"B\"}]");
    assertThat(none.range().isEmpty()).isTrue();
    assertThat(of("[{\"lhs\":\"TMPF\",\"op\":\"in\",\"rhs\":[]}]").range().isEmpty()).isTrue();
  }

  @Test
  void timestampNarrowsTheRange() {
    Selection selection =
        of(
            "[{\"lhs\":\"TIMESTAMP\",\"op\":\"gte\",\"rhs\":\"2012-02-01 06:00:00\"},{\"lhs\":\"TIMESTAMP\",\"op\":\"lt\",\"rhs\":\"2012-02-01 07:00:00\"}]");
    assertThat(selection.range())
        .isEqualTo(ContractTime.range("2012-02-01 06:00:00", "2012-02-01 07:00:00"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "[1]",
        "[{}]",
        "[",
        "[] x",
        "null",
        "true",
        "[{\"lhs\":\"XXXX\",\"op\":\"eq\",\"rhs\":\"1\"}]",
        "[{\"lhs\":\"TMPF\",\"op\":\"like\",\"rhs\":\"1\"}]",
        "[{\"lhs\":\"TMPF\",\"op\":\"eq\"}]",
        "[{\"lhs\":\"TMPF\",\"op\":\"eq\",\"rhs\":null}]",
        "[{\"lhs\":\"TMPF\",\"op\":\"eq\",\"rhs\":true}]",
        "[{\"lhs\":\"TMPF\",\"op\":\"eq\",\"rhs\":\"warm\"}]",
        "[{\"lhs\":\"TMPF\",\"op\":\"gt\",\"rhs\":[\"1\"]}]",
        "[{\"lhs\":\"STN\",\"op\":\"gt\",\"rhs\":\"A\"}]",
        "[{\"lhs\":\"TIMESTAMP\",\"op\":\"gt\",\"rhs\":\"now\"}]",
        "[{\"lhs\":\"TMPF\",\"op\":\"eq\",\"rhs\":\"1\",\"or\":\"2\"}]",
        "[{lhs:'TMPF',op:'eq',rhs:'1'}]"
      })
  void refusesWhatItDoesNotUnderstand(String json) {
    assertThatThrownBy(() -> of(json))
        .isInstanceOfSatisfying(
            ApiException.class, e -> assertThat(e.reason()).isEqualTo(ApiException.Reason.INVALID))
        .hasMessageStartingWith("params_json");
  }

  @Test
  void refusesJsonNestedBeyondReason() {
    assertThatThrownBy(() -> of("[".repeat(100_000))).isInstanceOf(ApiException.class);
  }

  @Test
  void columnsAreThoseOfTheContract() {
    assertThat(ContractSelection.VARIABLES)
        .containsExactly(
            "SLAT", "SLON", "SELV", "TMPF", "SKNT", "DRCT", "GUST", "PMSL", "ALTI", "DWPF", "RELH",
            "WTHR", "P24I");
  }
}
