/**
 * The gRPC side of the public port: the services of {@code mesohub.v1} and of the 2018 contract
 * over {@link org.mesohub.api.NodeApi}.
 */
@NullMarked
package org.mesohub.grpc;

import org.jspecify.annotations.NullMarked;
