package org.mesohub.cluster;

import com.google.protobuf.InvalidProtocolBufferException;
import org.mesohub.catalog.Catalogue;
import org.mesohub.catalog.CatalogueState;
import org.mesohub.catalog.Snapshots;
import org.mesohub.proto.internal.v1.Entry;

/** The catalogue as the log's state machine: entries in, the current state for everybody to pin. */
public final class CatalogueMachine implements LogStateMachine {
  private volatile CatalogueState state = CatalogueState.empty("");

  /** The state as of the last applied entry; safe from any thread. */
  public CatalogueState state() {
    return state;
  }

  @Override
  public byte[] apply(long index, long timeMicros, byte[] entry) {
    Entry parsed;
    try {
      parsed = Entry.parseFrom(entry);
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException("log entry " + index + " is damaged", e);
    }
    Catalogue.Transition transition = Catalogue.apply(state, timeMicros, parsed);
    state = transition.state();
    return transition.answer().toByteArray();
  }

  @Override
  public byte[] snapshot() {
    return Snapshots.encode(state);
  }

  @Override
  public void restore(byte[] snapshot) {
    state = Snapshots.decode(snapshot);
  }
}
