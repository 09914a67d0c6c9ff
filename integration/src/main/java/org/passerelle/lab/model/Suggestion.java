package org.passerelle.lab.model;

import java.util.Collection;
import java.util.Comparator;

/** What may have been meant by a word that nobody knows. */
public final class Suggestion {
  private Suggestion() {}

  /** The nearest word when one is near, otherwise all of them. */
  public static String of(String word, Collection<String> candidates) {
    return of(word, candidates, "known are ");
  }

  /**
   * The same.
   *
   * @param all what comes before all of them
   */
  public static String of(String word, Collection<String> candidates, String all) {
    return candidates.stream()
        .filter(candidate -> isNear(word, candidate))
        .min(Comparator.comparingInt(candidate -> distance(word, candidate)))
        .map(nearest -> "did you mean `" + nearest + "`?")
        .orElse(all + String.join(", ", candidates));
  }

  /** Whether one may be the other, misspelt. */
  public static boolean isNear(String word, String candidate) {
    return distance(word, candidate) <= Math.min(2, word.length() / 2);
  }

  /** Levenshtein's distance. */
  private static int distance(String a, String b) {
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int change = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(change, Math.min(row[j], row[j - 1]) + 1);
      }
    }
    return row[b.length()];
  }
}
