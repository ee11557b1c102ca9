package org.mesohub.cli;

import java.nio.file.Path;

/** A store that does not take part. */
final class NoStore implements BenchStore {
  @Override
  public void fresh() {}

  @Override
  public long put(Path file) {
    return 0;
  }

  @Override
  public long again(Path file) {
    return 0;
  }

  @Override
  public void export(Path target) {}

  @Override
  public long query(Query query, String station) {
    return 0;
  }

  @Override
  public void close() {}
}
