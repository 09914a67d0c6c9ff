package org.passerelle.lab.model;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

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
    return nearest(word, candidates)
        .map(nearest -> "did you mean `" + nearest + "`?")
        .orElse(all + String.join(", ", candidates));
  }

  /** The word that is near, and among those the nearest; empty when none is. */
  public static Optional<String> nearest(String word, Collection<String> candidates) {
    return candidates.stream()
        .filter(candidate -> isNear(word, candidate))
        .min(Comparator.comparingInt(candidate -> distance(word, candidate)));
  }

  /** Whether one may be the other, misspelt. */
  public static boolean isNear(String word, String candidate) {
    return distance(word, candidate) <= Math.min(2, word.length() / 2);
  }

  /** Levenshtein's distance, where two letters that changed places are one mistake. */
  private static int distance(String a, String b) {
    int[][] rows = new int[a.length() + 1][b.length() + 1];
    for (int i = 0; i <= a.length(); i++) {
      for (int j = 0; j <= b.length(); j++) {
        rows[i][j] = i == 0 || j == 0 ? i + j : distance(a, b, i, j, rows);
      }
    }
    return rows[a.length()][b.length()];
  }

  private static int distance(String a, String b, int i, int j, int[][] rows) {
    int change = rows[i - 1][j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
    int least = Math.min(change, Math.min(rows[i][j - 1], rows[i - 1][j]) + 1);
    boolean swapped =
        i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1);
    return swapped ? Math.min(least, rows[i - 2][j - 2] + 1) : least;
  }
}
