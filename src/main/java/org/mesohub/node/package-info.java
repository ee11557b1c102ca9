/** Composition root: configuration in, running node out. */
@NullMarked
package org.mesohub.node;

import org.jspecify.annotations.NullMarked;
