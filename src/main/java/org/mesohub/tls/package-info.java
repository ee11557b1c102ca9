/** How the nodes of a cluster prove to each other who they are. */
@NullMarked
package org.mesohub.tls;

import org.jspecify.annotations.NullMarked;
