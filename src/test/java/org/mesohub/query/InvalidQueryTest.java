package org.mesohub.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.mesohub.observation.TimeRange;

class InvalidQueryTest {
  private final World world = new World(1, 4, 20, World.MINUTE);
  private final QueryEngine engine = new QueryEngine(world);

  private static Selection where(String name, Condition.Op op, String unit, String... values) {
    return new Selection(
        TimeRange.ALL,
        List.of(),
        Set.of(),
        null,
        List.of(new Condition(name, op, List.of(values), unit)));
  }

  private void refuses(Query query, String message) {
    assertThatThrownBy(() -> engine.open(world.state(), query))
        .isInstanceOf(InvalidQueryException.class)
        .hasMessage(message);
  }

  private static Query asOf(long commit) {
    return new Query(Selection.ALL, List.of(), "source", commit, false, 0);
  }

  @Test
  void namesTheNewestCommit() {
    refuses(asOf(5), "as of commit 5: the newest commit is 4; use 1 to 4, or 0 for the newest");
    refuses(asOf(-1), "as of commit -1: the newest commit is 4; use 1 to 4, or 0 for the newest");
    assertThat(engine.open(world.state(), asOf(4)).header().commit()).isEqualTo(4);
  }

  @Test
  void namesTheConditionThatCannotBeUsed() {
    refuses(
        Query.of(where("TMPX", Condition.Op.GT, "", "80")),
        "unknown variable 'TMPX'; the nearest known names are TMPF, PMSL, DWPF");
    refuses(
        Query.of(where("TMPF", Condition.Op.GT, "", "warm")),
        "condition on TMPF: 'warm' is not a number; write it like 26.7 or -40");
    refuses(
        Query.of(where("TMPF", Condition.Op.GT, "parsec", "80")),
        "condition on TMPF: unknown unit 'parsec'; use one that converts to '[degF]', or none");
    refuses(
        Query.of(where("TMPF", Condition.Op.GT, "Pa", "80")),
        "condition on TMPF: 'Pa' cannot be converted to its unit '[degF]'");
    refuses(
        Query.of(where("WTHR", Condition.Op.EQ, "m", "3")),
        "condition on WTHR: it is a code without unit, leave out 'm'");
    refuses(
        Query.of(where("TMPF", Condition.Op.GT, "", "80", "81")),
        "condition on TMPF: GT takes exactly one value, not 2 values");
    refuses(
        Query.of(where("wxcodes", Condition.Op.LT, "", "RA")),
        "condition on wxcodes: texts can be compared with EQ, NE and IN, not with LT");
  }

  @Test
  void namesTheUnitSystemAndTheLimit() {
    refuses(
        new Query(Selection.ALL, List.of(), "imperial", 0, false, 0),
        "unknown unit system 'imperial'; use source, dictionary, metric or english");
    refuses(
        new Query(Selection.ALL, List.of(), "source", 0, false, -1),
        "limit -1: use 0 for no limit");
  }

  @Test
  void acceptsVariablesThatNoChunkHas() {
    var query = new Query(Selection.ALL, List.of("SKNT"), "source", 0, false, 0);
    assertThat(engine.open(world.state(), query).header().columns()).isEmpty();
  }
}
