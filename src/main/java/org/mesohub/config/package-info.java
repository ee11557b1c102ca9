/** The configuration of a node: read from YAML, checked once and as a whole, then plain records. */
@NullMarked
package org.mesohub.config;

import org.jspecify.annotations.NullMarked;
