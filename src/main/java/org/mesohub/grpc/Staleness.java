package org.mesohub.grpc;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.WireFormat;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;

/** How stale an answer may be, as a read says in the first bytes of its request. */
final class Staleness {
  /** Length of what stands before a message: whether it is packed, and how long it is. */
  private static final int PREFIX_BYTES = 5;

  private Staleness() {}

  /**
   * The value of {@code max_staleness_ms}, a field at the top of the message; 0 when the bytes do
   * not hold the whole message, or hold something else, or the message is packed.
   *
   * @param bytes of the request, from its first on
   * @param field number of the field
   */
  static long millis(Buffer bytes, int field) {
    if (bytes.length() < PREFIX_BYTES || bytes.getByte(0) != 0) {
      return 0;
    }
    long length = bytes.getUnsignedInt(1);
    if (bytes.length() < PREFIX_BYTES + length) {
      return 0;
    }
    try {
      var in = CodedInputStream.newInstance(bytes.getBytes(), PREFIX_BYTES, (int) length);
      long millis = 0;
      for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
        if (tag == (field << 3 | WireFormat.WIRETYPE_VARINT)) {
          millis = in.readInt64();
        } else {
          in.skipField(tag);
        }
      }
      return Math.max(0, millis);
    } catch (IOException e) {
      return 0;
    }
  }
}
