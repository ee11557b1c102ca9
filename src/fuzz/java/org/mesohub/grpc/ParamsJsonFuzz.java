package org.mesohub.grpc;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;
import org.mesohub.api.ApiException;
import org.mesohub.query.Condition;

/** The conditions of the 2018 contract. */
class ParamsJsonFuzz {
  static Stream<byte[]> seeds() {
    return Stream.of(
            "[{\"lhs\":\"TMPF\",\"op\":\"gt\",\"rhs\":\"0\"},{\"lhs\":\"STN\",\"op\":\"eq\",\"rhs\":[\"HCOT1\",\"BBN\"]}]",
            "[{\"lhs\":\"WTHR\",\"op\":\"in\",\"rhs\":[1e3,-2.50,null]}]",
            "[".repeat(300))
        .map(text -> text.getBytes(StandardCharsets.UTF_8));
  }

  @MethodSource("seeds")
  @FuzzTest
  void any_text_is_conditions_or_invalid(byte[] input) {
    List<ParamsJson.Param> params;
    try {
      params = ParamsJson.parse(new String(input, StandardCharsets.UTF_8));
    } catch (ApiException e) {
      if (e.reason() != ApiException.Reason.INVALID) {
        throw e;
      }
      return;
    }
    for (ParamsJson.Param param : params) {
      if (param.op() != Condition.Op.IN && param.values().size() != 1) {
        throw new AssertionError("not one value: " + param);
      }
    }
  }
}
