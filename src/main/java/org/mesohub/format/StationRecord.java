package org.mesohub.format;

import org.jspecify.annotations.Nullable;
import org.mesohub.observation.Decimal;
import org.mesohub.observation.StationKey;

/**
 * A station as a station list describes it. Texts are empty and numbers null where the list says
 * nothing.
 *
 * @param key network and station id
 * @param name name of the place
 * @param state state or province
 * @param country country code
 * @param latitude degrees north
 * @param longitude degrees east
 * @param elevation metres above sea level
 * @param networkName name of the network
 * @param status as the list writes it: {@code ACTIVE}, {@code INACTIVE}
 */
public record StationRecord(
    StationKey key,
    String name,
    String state,
    String country,
    @Nullable Decimal latitude,
    @Nullable Decimal longitude,
    @Nullable Decimal elevation,
    String networkName,
    String status) {}
