/**
 * Immutable columnar storage: chunks and their codec, manifests, sorting, merging and folding of
 * row versions. Pure.
 *
 * <p>Key order everywhere is (UTC day, network, station, time); versions of one key follow in
 * commit order.
 */
@NullMarked
package org.mesohub.segment;

import org.jspecify.annotations.NullMarked;
