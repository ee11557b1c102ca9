package org.mesohub.query;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import org.mesohub.observation.Named;
import org.mesohub.observation.Variable;
import org.mesohub.observation.VariableDictionary;

/** Names of variables in queries. */
final class Names {
  /** Names suggested for an unknown one. */
  private static final int SUGGESTIONS = 3;

  /** Characters of a text that are compared, so that a long one costs nothing. */
  private static final int COMPARED_CHARS = 64;

  private Names() {}

  /** What a name stands for. Throws {@link InvalidQueryException} with the nearest known names. */
  static Named resolve(String name) {
    return VariableDictionary.named(name)
        .orElseThrow(
            () ->
                new InvalidQueryException(
                    "unknown variable '%s'; the nearest known names are %s"
                        .formatted(name, String.join(", ", nearest(name)))));
  }

  private static List<String> nearest(String name) {
    var known = new ArrayList<String>();
    VariableDictionary.mesowest().forEach(c -> known.add(VariableDictionary.label(c)));
    VariableDictionary.variables().stream().map(Variable::id).forEach(known::add);
    return nearest(name, known);
  }

  /** The known texts with the fewest edits from one, case aside. */
  static List<String> nearest(String text, List<String> known) {
    String folded =
        text.substring(0, Math.min(text.length(), COMPARED_CHARS)).toLowerCase(Locale.ROOT);
    return known.stream()
        .sorted(Comparator.comparingInt(k -> edits(folded, k.toLowerCase(Locale.ROOT))))
        .limit(SUGGESTIONS)
        .toList();
  }

  /** Levenshtein distance, one row of the matrix at a time. */
  private static int edits(String a, String b) {
    var row = new int[b.length() + 1];
    for (int j = 0; j < row.length; j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int replace = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(replace, 1 + Math.min(row[j], row[j - 1]));
      }
    }
    return row[b.length()];
  }
}
