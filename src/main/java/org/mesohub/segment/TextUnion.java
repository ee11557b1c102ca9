package org.mesohub.segment;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/** Collects the texts in use of several dictionaries in one. */
public final class TextUnion {
  private static final int UNKNOWN = -1;

  private final Map<String, Integer> codes = new HashMap<>();
  private String[] current = {};
  private int[] known = {};

  /** Turns to a dictionary; the codes that follow are its. */
  public void take(String[] dictionary) {
    if (dictionary != current) {
      current = dictionary;
      known = new int[dictionary.length];
      Arrays.fill(known, UNKNOWN);
    }
  }

  /** The united dictionary's code of a code of the current one. */
  public int code(int code) {
    int united = known[code];
    if (united == UNKNOWN) {
      united = codes.computeIfAbsent(current[code], text -> codes.size());
      known[code] = united;
    }
    return united;
  }

  /** The united dictionary. */
  public String[] texts() {
    var texts = new String[codes.size()];
    codes.forEach((text, code) -> texts[code] = text);
    return texts;
  }
}
