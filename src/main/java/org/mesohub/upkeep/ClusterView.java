package org.mesohub.upkeep;

import org.mesohub.retrieval.Pins;

/**
 * What the background thread must know of the cluster around it. May block, for a second at most.
 */
public interface ClusterView {
  /**
   * Term in which this node leads, 0 while it does not. Only the leader rewrites and collects: it
   * alone sees who takes a chunk that is about to go. A later term is another reign, even of the
   * same node.
   */
  long reign();

  /**
   * Whether somebody, here or at another node, may read a state with references from before an
   * epoch of them, now or later. A node that has not answered for long counts no more: its readers
   * fail, which is better than keeping garbage for a node that never returns.
   */
  boolean readBefore(long runsEpoch);

  /** A node without others. */
  static ClusterView alone(Pins pins) {
    return new ClusterView() {
      @Override
      public long reign() {
        return 1;
      }

      @Override
      public boolean readBefore(long runsEpoch) {
        return pins.anyBefore(runsEpoch);
      }
    };
  }
}
