package org.mesohub.cli;

import com.google.protobuf.ByteString;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;
import org.mesohub.proto.v1.BackupHeader;
import org.mesohub.segment.ChunkId;

/**
 * The file {@code BACKUP} of a folder: what the backup is of, as lines {@code name: value}.
 *
 * @param catalogue SHA-256 of the catalogue, in {@code catalogue-…}
 * @param catalogueBytes its length
 * @param list SHA-256 of the list of chunks, in {@code list-…}
 * @param chunks number of chunks in the list
 * @param bytes of the chunks whose size the catalogue tells
 */
record BackupLabel(
    int format,
    String cluster,
    long commit,
    Instant time,
    ChunkId catalogue,
    long catalogueBytes,
    ChunkId list,
    long chunks,
    long bytes) {
  private static final String TITLE = "Mesohub backup; see docs/OPERATIONS.md\n";

  static BackupLabel of(BackupHeader header, ChunkId list) {
    return new BackupLabel(
        header.getFormat(),
        header.getCluster(),
        header.getCommit(),
        Instant.EPOCH.plus(header.getTimeUs(), ChronoUnit.MICROS),
        ChunkId.ofHash(header.getCatalogueId().toByteArray()),
        header.getCatalogueBytes(),
        list,
        header.getChunks(),
        header.getBytes());
  }

  BackupHeader header() {
    return BackupHeader.newBuilder()
        .setFormat(format)
        .setCluster(cluster)
        .setCommit(commit)
        .setTimeUs(ChronoUnit.MICROS.between(Instant.EPOCH, time))
        .setCatalogueBytes(catalogueBytes)
        .setChunks(chunks)
        .setBytes(bytes)
        .setCatalogueId(ByteString.copyFrom(catalogue.hash()))
        .build();
  }

  String text() {
    return TITLE
        + ("format: " + format + "\n")
        + ("cluster: " + cluster + "\n")
        + ("commit: " + commit + "\n")
        + ("time: " + time + "\n")
        + ("catalogue: " + catalogue + "\n")
        + ("catalogue-bytes: " + catalogueBytes + "\n")
        + ("list: " + list + "\n")
        + ("chunks: " + chunks + "\n")
        + ("bytes: " + bytes + "\n");
  }

  /**
   * What a text says.
   *
   * @throws IllegalArgumentException with the name of what is wrong
   */
  static BackupLabel parse(String text) {
    Map<String, String> values = new HashMap<>();
    text.lines()
        .forEach(
            line -> {
              int colon = line.indexOf(": ");
              if (colon > 0) {
                values.put(line.substring(0, colon), line.substring(colon + 2));
              }
            });
    int format = value(values, "format", Integer::parseInt);
    if (format != BackupStream.FORMAT) {
      throw new IllegalArgumentException(
          "format "
              + format
              + " is not known, this release knows "
              + BackupStream.FORMAT
              + ": use the release that made it, or a newer one");
    }
    return new BackupLabel(
        format,
        value(values, "cluster", Function.identity()),
        value(values, "commit", Long::parseLong),
        value(values, "time", Instant::parse),
        value(values, "catalogue", ChunkId::ofHex),
        value(values, "catalogue-bytes", Long::parseLong),
        value(values, "list", ChunkId::ofHex),
        value(values, "chunks", Long::parseLong),
        value(values, "bytes", Long::parseLong));
  }

  private static <T> T value(Map<String, String> values, String name, Function<String, T> parse) {
    String value = values.get(name);
    if (value == null) {
      throw new IllegalArgumentException("the line '" + name + "' is missing");
    }
    try {
      return parse.apply(value);
    } catch (IllegalArgumentException | DateTimeException e) {
      throw new IllegalArgumentException("the line '" + name + "' cannot be read", e);
    }
  }
}
