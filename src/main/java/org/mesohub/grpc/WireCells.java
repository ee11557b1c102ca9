package org.mesohub.grpc;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.mesohub.proto.v1.Cells;

/** The fields of a {@code mesohub.v1.Cells} as they arrived, unchecked. */
final class WireCells implements WireReader.Fields {
  private static final int STATE = WireReader.bytes(Cells.STATE_FIELD_NUMBER);
  private static final int UNSCALED = WireReader.bytes(Cells.UNSCALED_FIELD_NUMBER);
  private static final int ONE_UNSCALED = WireReader.varint(Cells.UNSCALED_FIELD_NUMBER);
  private static final int FLOAT32 = WireReader.bytes(Cells.FLOAT32_FIELD_NUMBER);
  private static final int ONE_FLOAT32 = WireReader.fixed32(Cells.FLOAT32_FIELD_NUMBER);
  private static final int TEXT = WireReader.bytes(Cells.TEXT_FIELD_NUMBER);
  private static final int ONE_TEXT = WireReader.varint(Cells.TEXT_FIELD_NUMBER);
  private static final int DICTIONARY = WireReader.bytes(Cells.DICTIONARY_FIELD_NUMBER);

  private final int rows;
  Inbound.Bytes state = Inbound.Bytes.of(new byte[0]);
  final WireNumbers unscaled = new WireNumbers();

  /** Floats as their bits. */
  final WireNumbers float32 = new WireNumbers();

  final WireNumbers text = new WireNumbers();
  final List<String> dictionary = new ArrayList<>(0);

  /**
   * @param rows how many the batch is likely to have
   */
  WireCells(int rows) {
    this.rows = rows;
  }

  @Override
  public boolean read(int tag, WireReader in) throws IOException {
    if (tag == STATE) {
      state = in.bytes();
    } else if (tag == UNSCALED) {
      unscaled.zigzags(in.bytes(), rows);
    } else if (tag == ONE_UNSCALED) {
      unscaled.add(WireNumbers.zigzag(in.int64()));
    } else if (tag == FLOAT32) {
      float32.fixed32s(in.bytes());
    } else if (tag == ONE_FLOAT32) {
      float32.add(in.fixed32());
    } else if (tag == TEXT) {
      text.varints(in.bytes(), rows);
    } else if (tag == ONE_TEXT) {
      text.add(in.int64());
    } else if (tag == DICTIONARY) {
      dictionary.add(in.text());
    } else {
      return false;
    }
    return true;
  }
}
