/** The plain HTTP side of the public port: health and metrics. */
@NullMarked
package org.mesohub.http;

import org.jspecify.annotations.NullMarked;
