package org.mesohub.store;

import de.bwaldvogel.mongo.bson.Document;
import java.util.stream.Stream;
import org.h2.mvstore.MVMap;
import org.h2.mvstore.MVStore;
import org.h2.mvstore.type.LongDataType;
import org.jspecify.annotations.Nullable;

/**
 * The documents of a collection, by ascending position.
 *
 * <p>The store writes whole leaf pages: a document put next to a chunk would write that chunk
 * again. So small and large documents have maps of their own, new ones go to the end, and each
 * large one is followed by an empty document, whose page is then the last: a chunk is written once.
 *
 * <p>One writer at a time, any number of readers.
 */
final class DocumentMaps {
  /**
   * Documents of this estimated size have pages of their own: about the size of a page that holds
   * several.
   */
  private static final int LARGE_BYTES = 12 << 10;

  /** Positions are a serial number, shifted, and one of these. */
  private static final int KIND_BITS = 2;

  private static final int SMALL = 0;
  private static final int LARGE = 1;
  private static final int FENCE = 2;

  private static final Document EMPTY = new Document();

  private final MVMap<Long, Document> small;
  private final MVMap<Long, Document> large;
  private long next;

  DocumentMaps(MVStore store, String name) {
    small = open(store, smallName(name));
    large = open(store, largeName(name));
    next = 1 + Math.max(serial(small.lastKey()), serial(large.lastKey()));
  }

  static void remove(MVStore store, String name) {
    store.removeMap(smallName(name));
    store.removeMap(largeName(name));
  }

  private static MVMap<Long, Document> open(MVStore store, String mapName) {
    return store.openMap(
        mapName,
        new MVMap.Builder<Long, Document>()
            .keyType(LongDataType.INSTANCE)
            .valueType(DocumentType.INSTANCE));
  }

  private static String smallName(String name) {
    return EngineDatabase.DATA_PREFIX + name;
  }

  private static String largeName(String name) {
    return "large." + name;
  }

  /** Stores a document and returns where. */
  long add(Document document) {
    long serial = next++ << KIND_BITS;
    if (DocumentType.INSTANCE.getMemory(document) < LARGE_BYTES) {
      small.put(serial | SMALL, document);
      return serial | SMALL;
    }
    large.put(serial | LARGE, document);
    large.put(serial | FENCE, EMPTY);
    return serial | LARGE;
  }

  void replace(long position, Document document) {
    map(position).put(position, document);
  }

  void remove(long position) {
    map(position).remove(position);
    if (isLarge(position)) {
      large.remove(position - LARGE + FENCE);
    }
  }

  @Nullable Document get(long position) {
    return map(position).get(position);
  }

  /** Positions of all documents. */
  Stream<Long> positions() {
    return Stream.concat(
        small.keySet().stream(), large.keySet().stream().filter(DocumentMaps::isLarge));
  }

  long count() {
    return small.sizeAsLong() + large.sizeAsLong() / 2;
  }

  private MVMap<Long, Document> map(long position) {
    return isLarge(position) ? large : small;
  }

  private static boolean isLarge(long position) {
    return (position & ((1 << KIND_BITS) - 1)) == LARGE;
  }

  private static long serial(@Nullable Long position) {
    return position == null ? 0 : position >> KIND_BITS;
  }
}
