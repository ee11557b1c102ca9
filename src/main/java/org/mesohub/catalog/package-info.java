/**
 * The catalogue: which days, runs, tokens and deletions there are. A pure state machine over
 * immutable states.
 */
@NullMarked
package org.mesohub.catalog;

import org.jspecify.annotations.NullMarked;
