package org.mesohub.cluster;

import com.google.protobuf.InvalidProtocolBufferException;
import java.util.function.Consumer;
import org.mesohub.catalog.Catalogue;
import org.mesohub.catalog.CatalogueState;
import org.mesohub.catalog.Snapshots;
import org.mesohub.placement.Roster;
import org.mesohub.proto.internal.v1.Entry;

/** The catalogue as the log's state machine: entries in, the current state for everybody to pin. */
public final class CatalogueMachine implements LogStateMachine {
  private volatile CatalogueState state = CatalogueState.empty("");
  private volatile Consumer<Roster> onRoster = roster -> {};

  /** The state as of the last applied entry; safe from any thread. */
  public CatalogueState state() {
    return state;
  }

  /** Tells who the members are whenever that changes, on the thread that applies entries. */
  public void onRoster(Consumer<Roster> listener) {
    onRoster = listener;
  }

  private void become(CatalogueState next) {
    Roster before = state.roster();
    state = next;
    if (!next.roster().equals(before)) {
      onRoster.accept(next.roster());
    }
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
    become(transition.state());
    return transition.answer().toByteArray();
  }

  @Override
  public byte[] snapshot() {
    return Snapshots.encode(state);
  }

  @Override
  public void restore(byte[] snapshot) {
    become(Snapshots.decode(snapshot));
  }
}
