package org.mesohub.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.mesohub.segment.Chunk;
import org.mesohub.segment.ChunkId;
import org.mesohub.segment.Manifest;

class PipelineTest {
  private final AtomicInteger started = new AtomicInteger();
  private final List<Runnable> queued = new ArrayList<>();
  private final List<List<ChunkId>> announced = new ArrayList<>();
  private final ChunkSource source =
      new ChunkSource() {
        @Override
        public Manifest manifest(ChunkId id) {
          throw new AssertionError("not asked for");
        }

        @Override
        public Chunk chunk(ChunkId id) {
          throw new AssertionError("not asked for");
        }

        @Override
        public void prefetch(List<ChunkId> ids) {
          announced.add(ids);
        }
      };

  private Pipeline<Integer> pipeline(int works, Executor executor, int lookAhead) {
    List<Work> list =
        IntStream.range(0, works)
            .mapToObj(
                i ->
                    new Work(
                        () -> {
                          started.incrementAndGet();
                          return () -> null;
                        },
                        i % 5 != 4,
                        List.of(ChunkId.of(new byte[] {(byte) i}))))
            .toList();
    var number = new AtomicInteger();
    return new Pipeline<>(
        list, source, hits -> List.of(number.incrementAndGet()), executor, lookAhead);
  }

  @Test
  void computesNoFurtherAheadThanToldAndNeverWaitsForABusyPool() {
    Pipeline<Integer> pipeline = pipeline(20, queued::add, 3);
    assertThat(pipeline.next()).isEqualTo(1);
    assertThat(queued).hasSize(3);
    assertThat(started).hasValue(1);
    queued.forEach(Runnable::run);
    assertThat(started).hasValue(3);
    assertThat(pipeline.next()).isEqualTo(2);
    assertThat(queued).hasSize(4);
  }

  @Test
  void runsEveryWorkOnce() {
    Pipeline<Integer> pipeline = pipeline(20, Runnable::run, 3);
    int results = 0;
    while (pipeline.next() != null) {
      results++;
    }
    assertThat(results).isEqualTo(16);
    assertThat(started).hasValue(20);
    assertThat(announced.stream().mapToInt(List::size).sum()).isEqualTo(20);
  }

  @Test
  void doesNothingMoreOnceClosed() {
    Pipeline<Integer> pipeline = pipeline(20, queued::add, 3);
    pipeline.next();
    pipeline.close();
    pipeline.close();
    queued.forEach(Runnable::run);
    assertThat(started).hasValue(1);
    assertThatThrownBy(pipeline::next).isInstanceOf(CancellationException.class);
  }

  @Test
  void passesFailuresOnAsTheyAre() {
    var failure = new IllegalStateException("chunk is gone");
    Work bad =
        new Work(
            () -> {
              throw failure;
            },
            true,
            List.of());
    for (Executor executor : new Executor[] {null, Runnable::run, queued::add}) {
      var pipeline = new Pipeline<>(List.of(bad), source, hits -> List.of(1), executor, 2);
      assertThatThrownBy(pipeline::next).isSameAs(failure);
    }
  }
}
