package org.mesohub.observation;

import org.jspecify.annotations.Nullable;

/**
 * A variable of the dictionary.
 *
 * @param id dictionary id: the CF standard name where CF has one, else a name in the same style
 *     ({@code altimeter_setting})
 * @param cfName CF standard name, null where CF has none
 * @param unit UCUM code of the unit used when a query asks for the dictionary's units; empty for
 *     codes and text
 * @param kind default kind of values
 */
public record Variable(String id, @Nullable String cfName, String unit, ValueKind kind) {}
