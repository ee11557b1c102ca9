package org.mesohub.ingest;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.mesohub.api.PutOptions;
import org.mesohub.segment.ChunkId;
import org.mesohub.store.RejectStore.Rejected;

/**
 * What is known of a put once its input has been read.
 *
 * @param content hash of the client's bytes; null without a token
 * @param rejected rows that could not be read
 * @param firstRejects the first of them, at most {@link IngestLimits#REJECTS_KEPT_MAX}
 * @param stations distinct stations
 * @param days distinct UTC days
 */
record PutInfo(
    String putId,
    PutOptions options,
    @Nullable ChunkId content,
    String format,
    long rejected,
    List<Rejected> firstRejects,
    long stations,
    long days) {}
