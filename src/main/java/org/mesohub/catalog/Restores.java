package org.mesohub.catalog;

import com.google.protobuf.ByteString;
import java.util.ArrayList;
import java.util.List;
import org.mesohub.catalog.Catalogue.Transition;
import org.mesohub.proto.internal.v1.Entry;
import org.mesohub.proto.internal.v1.RestorePart;
import org.mesohub.segment.ChunkId;
import org.pcollections.TreePVector;

/**
 * A snapshot in place of an empty catalogue. An entry of the log cannot hold one, so it comes in
 * pieces, which the state collects; the last one makes it the state:
 *
 * <pre>
 *   none ── piece 0 ──► pieces 0..n ── last piece ──► restored
 *    ▲                   │  │    ▲
 *    ├── first commit ───┘  │    └── piece 0 of another snapshot
 *    └── wrong hash, too long
 * </pre>
 */
public final class Restores {
  /** Largest snapshot; with a million put tokens one takes about 110 MB. */
  public static final int BYTES_MAX = 256 << 20;

  /**
   * Bytes of a piece in {@link #entries}: below the megabyte of an entry with what is around it.
   */
  static final int PART_BYTES = (1 << 20) - (1 << 10);

  private static final int PARTS_MAX = 1 << 12;

  /** What is said when there are commits. */
  public static final String NOT_EMPTY =
      "the catalogue is not empty: restore into a new cluster; nothing was changed";

  private Restores() {}

  /**
   * The entries that restore a snapshot, in order. The proposer has decoded it: a snapshot that
   * cannot be read stops those that apply the last entry.
   *
   * @param condemnEpoch that of a state in which every chunk that the snapshot names was stored and
   *     not condemned
   */
  public static List<Entry.Builder> entries(byte[] snapshot, long condemnEpoch) {
    return entries(snapshot, condemnEpoch, PART_BYTES);
  }

  static List<Entry.Builder> entries(byte[] snapshot, long condemnEpoch, int partBytes) {
    int count = Math.max(1, (snapshot.length + partBytes - 1) / partBytes);
    ByteString id = ByteString.copyFrom(ChunkId.of(snapshot).hash());
    List<Entry.Builder> entries = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int from = i * partBytes;
      ByteString part =
          ByteString.copyFrom(snapshot, from, Math.min(partBytes, snapshot.length - from));
      entries.add(
          Entry.newBuilder()
              .setRestorePart(
                  RestorePart.newBuilder()
                      .setId(id)
                      .setIndex(i)
                      .setCount(count)
                      .setPart(part)
                      .setCondemnEpoch(condemnEpoch)));
    }
    return entries;
  }

  static Transition part(CatalogueState state, RestorePart command) {
    return part(state, command, BYTES_MAX);
  }

  static Transition part(CatalogueState state, RestorePart command, int bytesMax) {
    if (state.commit() > 0) {
      return Catalogue.refused(state, "INVALID", NOT_EMPTY);
    }
    if (command.getCondemnEpoch() != state.condemnEpoch()) {
      return Catalogue.conflict(state, "chunks were condemned meanwhile");
    }
    ChunkId id = ChunkId.ofHash(command.getId().toByteArray());
    int index = command.getIndex();
    int count = command.getCount();
    if (count < 1 || count > PARTS_MAX || index < 0 || index >= count) {
      return Catalogue.refused(
          state, "INVALID", "no such piece of a snapshot: " + index + " of " + count);
    }
    RestoreParts parts = state.restore();
    if (index == 0 && !(parts.isOf(id, count) && parts.parts().get(0).equals(command.getPart()))) {
      parts = new RestoreParts(id, count, TreePVector.empty());
    }
    if (!parts.isOf(id, count) || index > parts.parts().size()) {
      return Catalogue.refused(
          state, "INVALID", "piece " + index + " of a snapshot without those before it");
    }
    if (index < parts.parts().size()) {
      return parts.parts().get(index).equals(command.getPart())
          ? Catalogue.done(state)
          : Catalogue.refused(
              state, "INVALID", "piece " + index + " of a snapshot came before with other bytes");
    }
    parts = parts.plus(command.getPart());
    if (parts.bytes() > bytesMax) {
      return Catalogue.refused(
          state.withRestore(RestoreParts.NONE),
          "INVALID",
          "a snapshot of more than " + bytesMax + " bytes cannot be restored");
    }
    return parts.isWhole() ? whole(state, parts) : Catalogue.done(state.withRestore(parts));
  }

  private static Transition whole(CatalogueState state, RestoreParts parts) {
    ByteString snapshot = parts.joined();
    if (!ChunkId.of(snapshot.asReadOnlyByteBufferList()).equals(parts.id())) {
      return Catalogue.refused(
          state.withRestore(RestoreParts.NONE),
          "INVALID",
          "the pieces of the snapshot do not have the hash that they were sent under");
    }
    return Catalogue.done(state.replacedBy(Snapshots.decode(snapshot)));
  }
}
