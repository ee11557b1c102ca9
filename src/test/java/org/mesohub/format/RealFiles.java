package org.mesohub.format;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;

/**
 * Real files that are not part of the repository; tests that need them are skipped where they are
 * not there.
 */
final class RealFiles {
  static final String MESOWEST = "1.mesowest.out.gz";
  static final String STATIONS = "mesonet_stations_20050621_0800.csv";

  private RealFiles() {}

  static byte[] read(String name) {
    String set = System.getenv("MESOHUB_SHARED_DATA");
    Path path = (set == null ? Path.of("..", "shared", "data") : Path.of(set)).resolve(name);
    assumeTrue(Files.exists(path), "no " + name + "; set MESOHUB_SHARED_DATA to its folder");
    try {
      return Files.readAllBytes(path);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static byte[] unzip(byte[] gzip) {
    try (var in = new GZIPInputStream(new ByteArrayInputStream(gzip))) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
