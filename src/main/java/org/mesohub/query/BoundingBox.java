package org.mesohub.query;

/**
 * Positions inside a box, borders included; {@code west > east} crosses the date line.
 *
 * @param west degrees east, -180 to 180
 * @param south degrees north, -90 to 90
 * @param east degrees east, -180 to 180
 * @param north degrees north, -90 to 90
 */
public record BoundingBox(double west, double south, double east, double north) {
  public BoundingBox {
    if (!(south >= -90 && north <= 90 && south <= north)) {
      throw new InvalidQueryException(
          "bounding box: south " + south + " and north " + north + " must be ascending in -90..90");
    }
    if (!(west >= -180 && west <= 180 && east >= -180 && east <= 180)) {
      throw new InvalidQueryException(
          "bounding box: west " + west + " and east " + east + " must be in -180..180");
    }
  }

  public boolean contains(double longitude, double latitude) {
    if (!(latitude >= south && latitude <= north)) {
      return false;
    }
    return west <= east
        ? longitude >= west && longitude <= east
        : longitude >= west || longitude <= east;
  }
}
