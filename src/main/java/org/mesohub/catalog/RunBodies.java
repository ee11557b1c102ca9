package org.mesohub.catalog;

import com.google.protobuf.ByteString;
import org.mesohub.proto.internal.v1.RunBody;
import org.mesohub.segment.ChunkId;

/** Run references to and from their stored form. */
public final class RunBodies {
  private RunBodies() {}

  /** Body in its stored form. */
  public static RunBody toProto(RunRef.Body body) {
    return body instanceof RunRef.Body.Stored stored
        ? RunBody.newBuilder().setManifest(ByteString.copyFrom(stored.manifest().hash())).build()
        : RunBody.newBuilder()
            .setInlineChunk(ByteString.copyFrom(((RunRef.Body.Inline) body).chunk()))
            .build();
  }

  /** Reference in its stored form. */
  public static org.mesohub.proto.internal.v1.RunRef toProto(RunRef ref) {
    return org.mesohub.proto.internal.v1.RunRef.newBuilder()
        .setCommit(ref.commit())
        .setCommitTimeUs(ref.commitTimeMicros())
        .setBody(toProto(ref.body()))
        .build();
  }

  /** Reference that names a run of the catalogue: an inline chunk by its hash. */
  public static org.mesohub.proto.internal.v1.RunRef toName(RunRef ref) {
    if (ref.body() instanceof RunRef.Body.Inline inline) {
      return org.mesohub.proto.internal.v1.RunRef.newBuilder()
          .setCommit(ref.commit())
          .setCommitTimeUs(ref.commitTimeMicros())
          .setBody(RunBody.newBuilder().setInlineId(ByteString.copyFrom(inline.id().hash())))
          .build();
    }
    return toProto(ref);
  }

  /** Reads {@link #toName}; equal to the run it names, but without the bytes of its chunk. */
  static RunRef nameFromProto(org.mesohub.proto.internal.v1.RunRef ref) {
    RunBody body = ref.getBody();
    return body.getBodyCase() == RunBody.BodyCase.INLINE_ID
        ? new RunRef(
            ref.getCommit(),
            ref.getCommitTimeUs(),
            new RunRef.Body.Inline(ChunkId.ofHash(body.getInlineId().toByteArray()), new byte[0]))
        : fromProto(ref);
  }

  static RunRef.Body fromProto(RunBody body) {
    return switch (body.getBodyCase()) {
      case MANIFEST -> new RunRef.Body.Stored(ChunkId.ofHash(body.getManifest().toByteArray()));
      case INLINE_CHUNK -> {
        byte[] chunk = body.getInlineChunk().toByteArray();
        yield new RunRef.Body.Inline(ChunkId.of(chunk), chunk);
      }
      case INLINE_ID, BODY_NOT_SET ->
          throw new IllegalStateException(
              "run reference of a kind that this release does not know; start a newer release");
    };
  }

  static RunRef fromProto(org.mesohub.proto.internal.v1.RunRef ref) {
    return new RunRef(ref.getCommit(), ref.getCommitTimeUs(), fromProto(ref.getBody()));
  }
}
