package org.mesohub.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.h2.mvstore.MVMap;
import org.h2.mvstore.MVStore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GroupCommitTest {
  @TempDir Path folder;

  @Test
  void allThatWaitShareOneCommit() throws Exception {
    try (MVStore store = MVStore.open(folder.resolve("s.mv").toString());
        GroupCommit commits = new GroupCommit(store)) {
      MVMap<Integer, String> map = store.openMap("m");
      CountDownLatch committed = new CountDownLatch(1);
      CountDownLatch release = new CountDownLatch(1);
      map.put(0, "x");
      commits.beginWrite();
      commits.finishWrite(
          failure -> {
            committed.countDown();
            awaitQuietly(release);
          });
      committed.await();
      CountDownLatch others = new CountDownLatch(10);
      for (int i = 1; i <= 10; i++) {
        commits.beginWrite();
        map.put(i, "x");
        commits.finishWrite(failure -> others.countDown());
      }
      assertThat(commits.isDirty()).isTrue();
      release.countDown();
      others.await();
      assertThat(commits.rounds()).isEqualTo(2);
      assertThat(store.hasUnsavedChanges()).isFalse();
      assertThat(commits.isDirty()).isFalse();
    }
  }

  @Test
  void waitsForWhatTheStoreWritesByItself() throws Exception {
    String file = SlowFilePath.of(folder.resolve("s.mv").toString());
    try (MVStore store = new MVStore.Builder().fileName(file).open();
        GroupCommit commits = new GroupCommit(store)) {
      MVMap<Integer, String> map = store.openMap("m");
      store.commit();
      for (int round = 0; round < 3; round++) {
        map.put(round, "x");
        long saved = SlowFilePath.writes();
        assertThat(store.tryCommit()).as("round %d", round).isPositive();
        AtomicLong savedWhenDurable = new AtomicLong();
        CountDownLatch answered = new CountDownLatch(1);
        commits.whenDurable(
            failure -> {
              savedWhenDurable.set(SlowFilePath.writes());
              answered.countDown();
            });
        answered.await();
        assertThat(savedWhenDurable.get()).as("round %d", round).isGreaterThan(saved);
      }
    }
  }

  @Test
  void aClosedStoreFailsTheWaiters() throws Exception {
    MVStore store = MVStore.open(folder.resolve("s.mv").toString());
    AtomicReference<Throwable> failure = new AtomicReference<>();
    CountDownLatch answered = new CountDownLatch(1);
    try (GroupCommit commits = new GroupCommit(store)) {
      store.closeImmediately();
      commits.whenDurable(
          cause -> {
            failure.set(cause);
            answered.countDown();
          });
      answered.await();
    }
    assertThat(failure.get()).isNotNull();
  }

  @Test
  void afterCloseNobodyWaitsInVain() {
    try (MVStore store = MVStore.open(folder.resolve("s.mv").toString())) {
      GroupCommit commits = new GroupCommit(store);
      commits.close();
      AtomicReference<Throwable> failure = new AtomicReference<>();
      commits.whenDurable(failure::set);
      assertThat(failure.get()).hasMessageContaining("closing");
    }
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
