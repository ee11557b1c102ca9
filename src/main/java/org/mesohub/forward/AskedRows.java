package org.mesohub.forward;

import java.util.List;
import org.mesohub.api.PeerOutcome;

/** Rows of another cluster, and what it tells of clusters that it has asked itself. */
interface AskedRows extends RowSource {
  /** What came of clusters that the peer asked; complete at the end. */
  List<PeerOutcome> others();
}
