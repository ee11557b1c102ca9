package org.mesohub.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.mesohub.format.KnownStations;

class LentStationsTest {
  private final Vertx vertx = Vertx.vertx();
  private final LentStations lent = new LentStations(vertx);

  @AfterEach
  void close() {
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }

  @Test
  void a_put_gets_what_the_one_before_gave_back_and_nobody_else_has_it_meanwhile() {
    KnownStations first = lent.take("a");
    assertThat(lent.take("a")).isNotSameAs(first);
    lent.giveBack(first);
    assertThat(lent.take("b")).isNotSameAs(first);
    assertThat(lent.take("a")).isSameAs(first);
    assertThat(lent.take("a")).isNotSameAs(first);
  }

  @Test
  void keeps_a_few_of_those_given_back_last() {
    List<KnownStations> taken = new ArrayList<>();
    for (int i = 0; i < 9; i++) {
      taken.add(lent.take("a"));
    }
    taken.forEach(lent::giveBack);
    for (int i = 8; i >= 5; i--) {
      assertThat(lent.take("a")).isSameAs(taken.get(i));
    }
    assertThat(taken).doesNotContain(lent.take("a"));
  }
}
