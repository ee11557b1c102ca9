/**
 * Which clusters may hold what a query asks for: filters of days and networks, digests of peers,
 * and the plan of whom to ask. Pure.
 */
@NullMarked
package org.mesohub.routing;

import org.jspecify.annotations.NullMarked;
