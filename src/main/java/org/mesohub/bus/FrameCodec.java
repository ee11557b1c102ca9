package org.mesohub.bus;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.MessageCodec;

/** Frames on the event bus. */
final class FrameCodec implements MessageCodec<Frame, Frame> {
  static final String NAME = "mesohub.frame";

  @Override
  public void encodeToWire(Buffer wire, Frame frame) {
    frame.appendTo(wire);
  }

  @Override
  public Frame decodeFromWire(int from, Buffer wire) {
    return Frame.read(from, wire);
  }

  @Override
  public Frame transform(Frame frame) {
    return frame;
  }

  @Override
  public String name() {
    return NAME;
  }

  /** What Vert.x wants of a codec that users bring along. */
  @Override
  public byte systemCodecID() {
    return -1;
  }
}
