package org.mesohub.store;

import de.bwaldvogel.mongo.bson.BinData;
import de.bwaldvogel.mongo.bson.Document;
import de.bwaldvogel.mongo.wire.bson.BsonDecoder;
import de.bwaldvogel.mongo.wire.bson.BsonEncoder;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import org.h2.mvstore.WriteBuffer;
import org.h2.mvstore.type.BasicDataType;

/**
 * Documents as BSON in the store file.
 *
 * <p>The engine's own type is Java serialization with an estimated size; a chunk's size must be
 * exact or the store's memory accounting, which decides what is cached and when writers wait, is
 * off by orders of magnitude.
 */
final class DocumentType extends BasicDataType<Document> {
  static final DocumentType INSTANCE = new DocumentType();

  /** Objects around a document or a list, in bytes. */
  private static final int CONTAINER_BYTES = 120;

  /** Objects around an entry, a string or an array, in bytes. */
  private static final int ENTRY_BYTES = 48;

  private DocumentType() {}

  @Override
  public int getMemory(Document document) {
    return memory(document);
  }

  @Override
  public void write(WriteBuffer buffer, Document document) {
    ByteBuf bson = Unpooled.buffer(memory(document));
    BsonEncoder.encodeDocument(document, bson);
    buffer.put(bson.nioBuffer());
  }

  @Override
  public Document read(ByteBuffer buffer) {
    int start = buffer.position();
    int length = Integer.reverseBytes(buffer.getInt(start));
    Document document = BsonDecoder.decodeBson(Unpooled.wrappedBuffer(buffer.slice(start, length)));
    buffer.position(start + length);
    return document;
  }

  @Override
  public Document[] createStorage(int size) {
    return new Document[size];
  }

  private static int memory(Object value) {
    if (value instanceof Map<?, ?> map) {
      int sum = CONTAINER_BYTES;
      for (Map.Entry<?, ?> entry : map.entrySet()) {
        sum += ENTRY_BYTES + ((String) entry.getKey()).length();
        sum += entry.getValue() == null ? 0 : memory(entry.getValue());
      }
      return sum;
    }
    if (value instanceof List<?> list) {
      int sum = CONTAINER_BYTES;
      for (Object element : list) {
        sum += ENTRY_BYTES + (element == null ? 0 : memory(element));
      }
      return sum;
    }
    if (value instanceof BinData binary) {
      return ENTRY_BYTES + binary.getData().length;
    }
    return value instanceof String text ? ENTRY_BYTES + 2 * text.length() : ENTRY_BYTES;
  }
}
