package org.mesohub.cli;

import org.mesohub.proto.v1.BoundingBox;

/** A bounding box as typed: {@code W,S,E,N} in degrees. */
final class BboxArgument {
  private BboxArgument() {}

  /**
   * @throws CliException when it is not a box on the globe
   */
  static BoundingBox parse(String text) {
    String[] parts = text.split(",", -1);
    if (parts.length == 4) {
      try {
        double west = Double.parseDouble(parts[0]);
        double south = Double.parseDouble(parts[1]);
        double east = Double.parseDouble(parts[2]);
        double north = Double.parseDouble(parts[3]);
        boolean onGlobe =
            Math.abs(west) <= 180 && Math.abs(east) <= 180 && south >= -90 && north <= 90;
        if (onGlobe && south <= north) {
          return BoundingBox.newBuilder()
              .setWest(west)
              .setSouth(south)
              .setEast(east)
              .setNorth(north)
              .build();
        }
      } catch (NumberFormatException e) {
        // Told below, together with what else can be wrong.
      }
    }
    throw CliException.usage(
        "--bbox '"
            + text
            + "': expected west,south,east,north in degrees, such as --bbox=-114.1,37,-109,42");
  }
}
