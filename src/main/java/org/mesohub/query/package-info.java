/**
 * What is asked and how it is answered: query model, planning, scanning, filtering, projection.
 * Pure.
 */
@NullMarked
package org.mesohub.query;

import org.jspecify.annotations.NullMarked;
