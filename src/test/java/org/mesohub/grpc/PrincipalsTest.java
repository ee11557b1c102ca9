package org.mesohub.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.mesohub.api.ApiException;
import org.mesohub.api.Right;

class PrincipalsTest {
  private final Principals some =
      Principals.of(List.of(new Principals.Token("feed", "s3cret", Set.of(Right.PUT))));

  @Test
  void withoutTokensEverybodyMayEverything() {
    Principals none = Principals.of(List.of());
    for (Right right : Right.values()) {
      assertThat(none.authorize(null, right).name()).isEqualTo("anonymous");
      assertThat(none.authorize("Bearer whatever", right).name()).isEqualTo("anonymous");
    }
  }

  @Test
  void knowsItsTokens() {
    assertThat(some.authorize("Bearer s3cret", Right.PUT).name()).isEqualTo("feed");
    assertThatThrownBy(() -> some.authorize("Bearer s3cret", Right.READ))
        .isInstanceOfSatisfying(
            ApiException.class,
            e -> assertThat(e.reason()).isEqualTo(ApiException.Reason.FORBIDDEN));
  }

  @Test
  void refusesEverybodyElse() {
    for (String header :
        new String[] {null, "", "Bearer", "Bearer ", "Bearer s3cre", "Bearer s3cretX", "s3cret"}) {
      assertThatThrownBy(() -> some.authorize(header, Right.PUT))
          .as("%s", header)
          .isInstanceOfSatisfying(
              ApiException.class,
              e -> assertThat(e.reason()).isEqualTo(ApiException.Reason.UNAUTHENTICATED));
    }
  }

  @Test
  void neverPrintsASecret() {
    assertThat(new Principals.Token("feed", "s3cret", Set.of()).toString())
        .doesNotContain("s3cret");
  }
}
