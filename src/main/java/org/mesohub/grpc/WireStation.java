package org.mesohub.grpc;

import java.io.IOException;
import org.mesohub.proto.v1.Station;

/** The fields of a {@code mesohub.v1.Station} as they arrived, unchecked. */
final class WireStation implements WireReader.Fields {
  private static final int NETWORK = WireReader.bytes(Station.NETWORK_FIELD_NUMBER);
  private static final int ID = WireReader.bytes(Station.ID_FIELD_NUMBER);

  String network = "";
  String id = "";

  @Override
  public boolean read(int tag, WireReader in) throws IOException {
    if (tag == NETWORK) {
      network = in.text();
    } else if (tag == ID) {
      id = in.text();
    } else {
      return false;
    }
    return true;
  }
}
