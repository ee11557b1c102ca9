package org.mesohub.routing;

/** Whom a query may ask beyond this cluster. */
public enum Scope {
  /** Nobody. */
  LOCAL,

  /** Peers that may hold pairs of day and network that are absent here. */
  AUTO,

  /** Peers that may hold pairs asked for, those that are present here as well. */
  ALL
}
