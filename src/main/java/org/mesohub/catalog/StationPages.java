package org.mesohub.catalog;

import com.google.protobuf.InvalidProtocolBufferException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.InflaterInputStream;
import org.mesohub.observation.StationKey;
import org.mesohub.proto.internal.v1.StationEntry;
import org.mesohub.proto.internal.v1.StationPage;
import org.mesohub.segment.CorruptChunkException;

/** Station descriptions to and from the pages that the store keeps: deflated protobuf. */
public final class StationPages {
  /** Page format this release writes and the only one it reads. */
  private static final int FORMAT = 1;

  /** Stations of a page, at most. */
  private static final int PAGE_STATIONS_MAX = 4_096;

  /**
   * Bytes of a page before it is deflated, at most; so that it fits the store however long names
   * are.
   */
  private static final int PAGE_BYTES_MAX = 1 << 20;

  private StationPages() {}

  /** Pages of stations in ascending order. */
  public static List<byte[]> encode(Collection<StationDescription> ascending) {
    List<byte[]> pages = new ArrayList<>();
    var page = StationPage.newBuilder().setFormat(FORMAT);
    int bytes = 0;
    for (StationDescription station : ascending) {
      StationEntry entry = entry(station);
      int size = entry.getSerializedSize();
      if (page.getStationsCount() == PAGE_STATIONS_MAX
          || (bytes > 0 && bytes + size > PAGE_BYTES_MAX)) {
        pages.add(deflated(page.build()));
        page.clearStations();
        bytes = 0;
      }
      page.addStations(entry);
      bytes += size;
    }
    if (page.getStationsCount() > 0) {
      pages.add(deflated(page.build()));
    }
    return pages;
  }

  /** The stations of a page. Throws {@link CorruptChunkException}. */
  public static List<StationDescription> decode(byte[] page) {
    StationPage read;
    try (var in = new InflaterInputStream(new ByteArrayInputStream(page))) {
      byte[] bytes = in.readNBytes(2 * PAGE_BYTES_MAX);
      read = StationPage.parseFrom(bytes);
    } catch (InvalidProtocolBufferException e) {
      throw new CorruptChunkException("a page of station descriptions cannot be read");
    } catch (IOException e) {
      throw new CorruptChunkException("a page of station descriptions is not deflated");
    }
    if (read.getFormat() != FORMAT) {
      throw new CorruptChunkException(
          "a page of station descriptions has format " + read.getFormat() + ", not " + FORMAT);
    }
    return read.getStationsList().stream().map(StationPages::description).toList();
  }

  private static byte[] deflated(StationPage page) {
    var bytes = new ByteArrayOutputStream();
    try (var out = new DeflaterOutputStream(bytes)) {
      page.writeTo(out);
    } catch (IOException e) {
      throw new UncheckedIOException("writing to memory cannot fail", e);
    }
    return bytes.toByteArray();
  }

  private static StationEntry entry(StationDescription station) {
    return StationEntry.newBuilder()
        .setNetwork(station.key().network())
        .setStation(station.key().station())
        .setName(station.name())
        .setState(station.state())
        .setCountry(station.country())
        .setLatitude(station.latitude())
        .setLongitude(station.longitude())
        .setElevation(station.elevation())
        .setNetworkName(station.networkName())
        .setStatus(station.status())
        .setSource(station.source())
        .build();
  }

  private static StationDescription description(StationEntry entry) {
    return new StationDescription(
        new StationKey(entry.getNetwork(), entry.getStation()),
        entry.getName(),
        entry.getState(),
        entry.getCountry(),
        entry.getLatitude(),
        entry.getLongitude(),
        entry.getElevation(),
        entry.getNetworkName(),
        entry.getStatus(),
        entry.getSource());
  }
}
