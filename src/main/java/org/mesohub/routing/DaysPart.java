package org.mesohub.routing;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Some networks on some consecutive days.
 *
 * @param firstDay first epoch day
 * @param lastDay last epoch day, included
 * @param networks empty: all
 */
public record DaysPart(int firstDay, int lastDay, SortedSet<String> networks) {
  /** Most parts of one query: each is a query of its own where it is answered. */
  public static final int PARTS_MAX = 64;

  /** Checks the order of days. */
  public DaysPart {
    if (lastDay < firstDay) {
      throw new IllegalArgumentException("day " + lastDay + " is before day " + firstDay);
    }
  }

  /**
   * Parts that hold all pairs of a map, in the order of days and without a day in common: exactly
   * these pairs when that takes few parts, else some more.
   *
   * @param byDay networks of each epoch day, none of them empty
   */
  public static List<DaysPart> of(SortedMap<Integer, SortedSet<String>> byDay) {
    List<DaysPart> parts = new ArrayList<>();
    DaysPart open = null;
    for (Map.Entry<Integer, SortedSet<String>> day : byDay.entrySet()) {
      var next = new DaysPart(day.getKey(), day.getKey(), day.getValue());
      if (open != null
          && open.lastDay == next.firstDay - 1
          && open.networks.equals(next.networks)) {
        open = new DaysPart(open.firstDay, next.lastDay, open.networks);
      } else {
        if (open != null) {
          parts.add(open);
        }
        open = next;
      }
    }
    if (open != null) {
      parts.add(open);
    }
    while (parts.size() > PARTS_MAX) {
      parts = halved(parts);
    }
    return List.copyOf(parts);
  }

  private static List<DaysPart> halved(List<DaysPart> parts) {
    var halved = new ArrayList<DaysPart>(parts.size() / 2 + 1);
    for (int i = 0; i < parts.size(); i += 2) {
      halved.add(i + 1 < parts.size() ? parts.get(i).with(parts.get(i + 1)) : parts.get(i));
    }
    return halved;
  }

  private DaysPart with(DaysPart later) {
    var both = new TreeSet<>(networks);
    both.addAll(later.networks);
    return new DaysPart(firstDay, later.lastDay, both);
  }
}
