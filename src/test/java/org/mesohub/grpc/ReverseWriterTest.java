package org.mesohub.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class ReverseWriterTest {
  /** Whatever room the first array has left, the header may be what makes it grow. */
  @Test
  void keepsWhatIsWrittenWhenAnyFieldMakesTheArrayGrow() throws IOException {
    for (int capacity = 64; capacity < 128; capacity++) {
      for (int length = 0; length < 140; length++) {
        byte[] content = new byte[length];
        java.util.Arrays.fill(content, (byte) 7);
        var writer = new ReverseWriter(capacity);
        writer.bytes(2, content);
        writer.integer(1, 300);

        var in = CodedInputStream.newInstance(writer.toBytes());
        String at = "capacity " + capacity + ", length " + length;
        assertThat(in.readTag()).as(at).isEqualTo(1 << 3);
        assertThat(in.readInt64()).as(at).isEqualTo(300);
        assertThat(in.readTag()).as(at).isEqualTo(2 << 3 | 2);
        assertThat(in.readBytes()).as(at).isEqualTo(ByteString.copyFrom(content));
        assertThat(in.isAtEnd()).as(at).isTrue();
      }
    }
  }
}
