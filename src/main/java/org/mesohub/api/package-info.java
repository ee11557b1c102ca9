/** What a node does for its clients, in plain Java: the port of the gRPC and HTTP adapters. */
@NullMarked
package org.mesohub.api;

import org.jspecify.annotations.NullMarked;
