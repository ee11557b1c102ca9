/** The command line: one class per command, talking to a node over gRPC only. */
@NullMarked
package org.mesohub.cli;

import org.jspecify.annotations.NullMarked;
