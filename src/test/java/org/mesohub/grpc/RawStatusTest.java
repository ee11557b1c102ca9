package org.mesohub.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class RawStatusTest {
  @Test
  void textsTravelAsPrintableAsciiAndComeBack() {
    String text = "100 % of Müller's rows, ~{}\n€";
    String encoded = RawStatus.encoded(text);
    assertThat(encoded).matches("[ -~]*").startsWith("100 %25 of M%C3%BCller's");
    assertThat(URLDecoder.decode(encoded.replace("+", "%2B"), StandardCharsets.UTF_8))
        .isEqualTo(text);
  }
}
