package org.mesohub.cli;

import java.nio.file.Path;
import java.util.List;

/** A store under measurement. Each call does the whole work and returns the rows it moved. */
interface BenchStore extends AutoCloseable {
  /** What each query asks for; stations are those of the generated files. */
  enum Query {
    STATION,
    HOUR,
    HOT,
    LATEST
  }

  /** Makes the store ready for rows of a day that it does not hold. Not timed. */
  void fresh() throws Exception;

  /** Stores one file durably. */
  long put(Path file) throws Exception;

  /** Stores one file of rows that are there already. */
  long again(Path file) throws Exception;

  /** All rows as CSV. */
  void export(Path target) throws Exception;

  long query(Query query, String station) throws Exception;

  default long putAll(List<Path> files) throws Exception {
    long rows = 0;
    for (Path file : files) {
      rows += put(file);
    }
    return rows;
  }

  default long againAll(List<Path> files) throws Exception {
    long rows = 0;
    for (Path file : files) {
      rows += again(file);
    }
    return rows;
  }

  @Override
  void close() throws Exception;
}
