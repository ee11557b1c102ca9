package org.mesohub.catalog;

import com.google.protobuf.ByteString;
import java.nio.charset.StandardCharsets;
import java.util.BitSet;
import java.util.List;
import org.mesohub.proto.internal.v1.CommitRows;
import org.mesohub.proto.internal.v1.Condemn;
import org.mesohub.proto.internal.v1.DayDelta;
import org.mesohub.proto.internal.v1.DayInputs;
import org.mesohub.proto.internal.v1.Entry;
import org.mesohub.proto.internal.v1.Put;
import org.mesohub.proto.internal.v1.PutOutcome;
import org.mesohub.proto.internal.v1.ReplaceRuns;
import org.mesohub.proto.internal.v1.RunBody;
import org.mesohub.proto.internal.v1.Token;
import org.mesohub.segment.ChunkId;

/** Log entries for tests, as a node would propose them from a state. */
public final class Entries {
  private Entries() {}

  /** Id of some content. */
  public static ChunkId id(String content) {
    return ChunkId.of(content.getBytes(StandardCharsets.UTF_8));
  }

  static ByteString hash(String content) {
    return ByteString.copyFrom(id(content).hash());
  }

  static RunBody stored(String manifest) {
    return RunBody.newBuilder().setManifest(hash(manifest)).build();
  }

  static RunBody inline(String chunk) {
    return RunBody.newBuilder().setInlineChunk(ByteString.copyFromUtf8(chunk)).build();
  }

  static Token token(String client, long sequence, String content) {
    return Token.newBuilder()
        .setClient(client)
        .setSequence(sequence)
        .setContent(hash(content))
        .build();
  }

  static Put put(long stored, Token... token) {
    var put = Put.newBuilder().setOutcome(PutOutcome.newBuilder().setStored(stored));
    if (token.length > 0) {
      put.setToken(token[0]);
    }
    return put.build();
  }

  /** Adds one row of network {@code net} to each of some days, compared with the state. */
  public static Entry commit(CatalogueState at, RunBody body, List<Integer> days, Put... puts) {
    var command =
        CommitRows.newBuilder()
            .setBody(body)
            .addNetworks("net")
            .addAllPuts(List.of(puts))
            .setCondemnEpoch(at.condemnEpoch());
    var bits = new BitSet();
    bits.set(0);
    for (int day : days) {
      command.addDays(
          DayDelta.newBuilder()
              .setEpochDay(day)
              .setRows(1)
              .setChanged(true)
              .setNetworkBits(ByteString.copyFrom(bits.toByteArray()))
              .setBasis(at.dayVersion(new org.mesohub.observation.Day(day))));
    }
    return entry().setCommitRows(command).build();
  }

  /** Replaces the oldest {@code runs} of a day. */
  public static Entry replace(CatalogueState at, int day, int runs, RunBody output) {
    return replace(at, day, 0, runs, output);
  }

  /** Replaces {@code runs} of a day from position {@code from} on. */
  public static Entry replace(CatalogueState at, int day, int from, int runs, RunBody output) {
    var command = ReplaceRuns.newBuilder().setOutput(output).setCondemnEpoch(at.condemnEpoch());
    var inputs = DayInputs.newBuilder().setEpochDay(day);
    List<RunRef> all = at.days().get(new org.mesohub.observation.Day(day)).runs();
    for (int i = 0; i < runs; i++) {
      inputs.addInputs(i);
      command.addInputs(RunBodies.toName(all.get(from + i)));
    }
    return entry().setReplaceRuns(command.addDays(inputs)).build();
  }

  static Entry condemn(CatalogueState at, String... chunks) {
    var command = Condemn.newBuilder().setRunsEpoch(at.runsEpoch());
    for (String chunk : chunks) {
      command.addChunks(hash(chunk));
    }
    return entry().setCondemn(command).build();
  }

  static Entry.Builder entry() {
    return Entry.newBuilder().setFormat(Catalogue.FORMAT);
  }
}
