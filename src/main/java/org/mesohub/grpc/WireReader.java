package org.mesohub.grpc;

import static org.mesohub.grpc.Invalid.invalid;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.ExtensionRegistryLite;
import com.google.protobuf.Parser;
import java.io.IOException;

/**
 * Reads messages field by field from the bytes where they arrived, by protobuf's rules: what it
 * takes and what it refuses is what the generated parser does.
 */
final class WireReader {
  /** Takes the fields of a message. */
  interface Fields {
    /** Reads a field; false without reading when its tag is not known. */
    boolean read(int tag, WireReader in) throws IOException;
  }

  private static final int TYPE_BITS = 3;
  private static final int TYPE_VARINT = 0;
  private static final int TYPE_BYTES = 2;
  private static final int TYPE_FIXED32 = 5;

  private final byte[] array;
  private final int from;
  private final CodedInputStream in;

  private WireReader(Inbound.Bytes message) {
    this.array = message.array();
    this.from = message.from();
    this.in = CodedInputStream.newInstance(array, from, message.length());
  }

  /** Tag of a number field, and of single numbers where it is repeated. */
  static int varint(int field) {
    return field << TYPE_BITS | TYPE_VARINT;
  }

  /** Tag of a text, of bytes, of a message, and of packed numbers. */
  static int bytes(int field) {
    return field << TYPE_BITS | TYPE_BYTES;
  }

  /** Tag of a float. */
  static int fixed32(int field) {
    return field << TYPE_BITS | TYPE_FIXED32;
  }

  /** Reads a whole message; fails as INVALID where it cannot be read. */
  static void read(Inbound.Bytes message, Fields fields) {
    try {
      new WireReader(message).fields(fields);
    } catch (IOException e) {
      throw invalid(Inbound.UNREADABLE);
    }
  }

  private void fields(Fields fields) throws IOException {
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      if (!fields.read(tag, this) && !in.skipField(tag)) {
        break;
      }
    }
    in.checkLastTagWas(0);
  }

  /** Reads a message within the message. */
  void message(Fields fields) throws IOException {
    int before = in.pushLimit(in.readRawVarint32());
    fields(fields);
    in.popLimit(before);
  }

  <T extends com.google.protobuf.MessageLite> T message(Parser<T> parser) throws IOException {
    return in.readMessage(parser, ExtensionRegistryLite.getEmptyRegistry());
  }

  int int32() throws IOException {
    return in.readInt32();
  }

  long int64() throws IOException {
    return in.readInt64();
  }

  int fixed32() throws IOException {
    return in.readRawLittleEndian32();
  }

  String text() throws IOException {
    return in.readStringRequireUtf8();
  }

  /** Bytes in place. */
  Inbound.Bytes bytes() throws IOException {
    int length = in.readRawVarint32();
    int at = from + in.getTotalBytesRead();
    in.skipRawBytes(length);
    return new Inbound.Bytes(array, at, length);
  }
}
