package org.mesohub.upkeep;

import java.util.concurrent.atomic.LongAdder;

/**
 * What background work has done since the node started.
 *
 * @param compacted days that were rewritten; one counts each time
 * @param collected chunks that nothing referred to and that were removed
 * @param failures rounds that failed, to be tried again
 */
public record UpkeepCounters(LongAdder compacted, LongAdder collected, LongAdder failures) {
  UpkeepCounters() {
    this(new LongAdder(), new LongAdder(), new LongAdder());
  }
}
