/**
 * What an observation is: stations, times, variables, units, and batches of observations held
 * column by column. Pure.
 */
@NullMarked
package org.mesohub.observation;

import org.jspecify.annotations.NullMarked;
