package org.mesohub.cli;

import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.EnumMap;
import java.util.Map;
import java.util.stream.Collectors;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyManager;

/** PostgreSQL over its socket, or DuckDB in this process: table `obs` with primary key (station, time). */
abstract class SqlStore implements BenchStore {
  final Connection db;
  private final Map<Query, PreparedStatement> prepared = new EnumMap<>(Query.class);

  SqlStore(String url) throws SQLException {
    this.db = DriverManager.getConnection(url);
  }

  static SqlStore postgres(String url) throws SQLException {
    return new Postgres(url);
  }

  static SqlStore duck(Path file) throws SQLException {
    return new Duck(file);
  }

  abstract String latest();

  static String columns(String type) {
    return "(station text NOT NULL, time timestamp NOT NULL, "
        + BenchFiles.VARIABLES.stream().map(v -> v + " " + type).collect(Collectors.joining(", "));
  }

  static String upsert() {
    return " ON CONFLICT (station, time) DO UPDATE SET "
        + BenchFiles.VARIABLES.stream()
            .map(v -> v + " = excluded." + v)
            .collect(Collectors.joining(", "));
  }

  /** Rows changed, 0 where the statement has none. */
  long run(String sql) throws SQLException {
    try (Statement s = db.createStatement()) {
      s.execute(sql);
      return Math.max(0, s.getUpdateCount());
    }
  }

  long number(String sql) throws SQLException {
    try (Statement s = db.createStatement();
        ResultSet r = s.executeQuery(sql)) {
      r.next();
      return r.getLong(1);
    }
  }

  @Override
  public void fresh() throws SQLException {
    for (PreparedStatement s : prepared.values()) {
      s.close();
    }
    prepared.clear();
    run("DROP TABLE IF EXISTS obs");
    run("CREATE TABLE obs " + columns("double precision") + ", PRIMARY KEY (station, time))");
  }

  @Override
  public long query(Query query, String station) throws SQLException {
    PreparedStatement s = prepared.get(query);
    if (s == null) {
      String sql =
          switch (query) {
            case STATION -> "SELECT * FROM obs WHERE station = ? ORDER BY time";
            case HOUR ->
                "SELECT * FROM obs WHERE time >= TIMESTAMP '2018-03-16 12:00:00'"
                    + " AND time < TIMESTAMP '2018-03-16 13:00:00'";
            case HOT -> "SELECT * FROM obs WHERE tmpf > 80";
            case LATEST -> latest();
          };
      s = db.prepareStatement(sql);
      prepared.put(query, s);
    }
    if (query == Query.STATION) {
      s.setString(1, station);
    }
    long rows = 0;
    try (ResultSet r = s.executeQuery()) {
      while (r.next()) {
        rows++;
      }
    }
    return rows;
  }

  @Override
  public void close() throws SQLException {
    db.close();
  }

  private static final class Postgres extends SqlStore {
    private final CopyManager copy;

    Postgres(String url) throws SQLException {
      super(url);
      this.copy = db.unwrap(PGConnection.class).getCopyAPI();
      run("CREATE TEMP TABLE staged " + columns("double precision") + ")");
    }

    @Override
    public long put(Path file) throws Exception {
      try (InputStream in = Files.newInputStream(file)) {
        return copy.copyIn("COPY obs FROM STDIN (FORMAT csv)", in, 1 << 18);
      }
    }

    @Override
    public long again(Path file) throws Exception {
      run("TRUNCATE staged");
      try (InputStream in = Files.newInputStream(file)) {
        copy.copyIn("COPY staged FROM STDIN (FORMAT csv)", in, 1 << 18);
      }
      return run("INSERT INTO obs SELECT * FROM staged" + upsert());
    }

    @Override
    public void export(Path target) throws Exception {
      try (OutputStream out = new java.io.BufferedOutputStream(Files.newOutputStream(target), 1 << 18)) {
        copy.copyOut("COPY obs TO STDOUT (FORMAT csv, HEADER)", out);
      }
    }

    @Override
    String latest() {
      return "SELECT DISTINCT ON (station) * FROM obs ORDER BY station, time DESC";
    }
  }

  /**
   * DuckDB as one loads it well: columns declared, so that the CSV reader guesses nothing; a
   * transaction per file, durable by the write-ahead log; no checkpoint in between, which is what
   * its documentation recommends for a load.
   */
  private static final class Duck extends SqlStore {
    Duck(Path file) throws SQLException {
      super("jdbc:duckdb:" + file);
      run("SET wal_autocheckpoint = '1GB'");
    }

    @Override
    public void fresh() throws SQLException {
      super.fresh();
      run("CHECKPOINT");
    }

    private static String csv(Path file) {
      String types =
          "{'station': 'VARCHAR', 'time': 'TIMESTAMP', "
              + BenchFiles.VARIABLES.stream()
                  .map(v -> "'" + v + "': 'DOUBLE'")
                  .collect(Collectors.joining(", "))
              + "}";
      return "SELECT * FROM read_csv('"
          + file
          + "', header = false, auto_detect = false, columns = "
          + types
          + ")";
    }

    @Override
    public long put(Path file) throws SQLException {
      return run("COPY obs FROM '" + file + "' (FORMAT csv, HEADER false, AUTO_DETECT false)");
    }

    @Override
    public long again(Path file) throws SQLException {
      return run("INSERT INTO obs " + csv(file) + upsert());
    }

    @Override
    public void export(Path target) throws SQLException {
      run("COPY obs TO '" + target + "' (FORMAT csv, HEADER)");
    }

    @Override
    String latest() {
      return "SELECT obs.* FROM obs JOIN (SELECT station, max(time) AS time FROM obs GROUP BY station) l"
          + " ON obs.station = l.station AND obs.time = l.time";
    }
  }
}
