package org.mesohub.store;

/**
 * Whose database it is.
 *
 * @param cluster id of the cluster
 * @param node id of the node within it
 * @param format version of the documents in the database
 */
public record Identity(String cluster, String node, int format) {
  /** The version of the documents that this release writes, and the newest that it reads. */
  public static final int FORMAT = 1;

  /** The owner of a database in this release's format. */
  public static Identity of(String cluster, String node) {
    return new Identity(cluster, node, FORMAT);
  }
}
