package dev.sluice.problem;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/** Which of the known words somebody meant. */
public final class Nearest {
  /** A typed word is compared no further than this; known words are far shorter. */
  private static final int LONGEST = 64;

  private static final int BEGINNING = 3;

  private Nearest() {}

  /** The nearest known word, if one {@linkplain #isNear is near}. */
  public static Optional<String> to(String typed, Collection<String> known) {
    return known.stream()
        .filter(word -> isNear(typed, word))
        .min(Comparator.comparingInt((String word) -> distance(typed, word)).thenComparing(w -> w));
  }

  /**
   * Whether {@code word} may be meant by {@code typed}: case apart, at most a third of its letters
   * differ, or half of them in a word that begins alike.
   */
  public static boolean isNear(String typed, String word) {
    return typed.length() <= LONGEST && distance(typed, word) <= tolerated(typed, word);
  }

  private static int tolerated(String typed, String word) {
    int length = Math.max(typed.length(), word.length());
    boolean alike = typed.regionMatches(true, 0, word, 0, BEGINNING);
    return Math.max(1, alike ? length / 2 : length / 3);
  }

  /** Letters inserted, left out, replaced or swapped with their neighbour. */
  public static int distance(String one, String other) {
    String a = one.toLowerCase(Locale.ROOT);
    String b = other.toLowerCase(Locale.ROOT);
    int[][] edits = new int[a.length() + 1][b.length() + 1];
    for (int i = 0; i <= a.length(); i++) {
      for (int j = 0; j <= b.length(); j++) {
        edits[i][j] = i == 0 || j == 0 ? i + j : step(edits, a, b, i, j);
      }
    }
    return edits[a.length()][b.length()];
  }

  private static int step(int[][] edits, String a, String b, int i, int j) {
    boolean same = a.charAt(i - 1) == b.charAt(j - 1);
    int least =
        Math.min(
            edits[i - 1][j - 1] + (same ? 0 : 1), Math.min(edits[i - 1][j], edits[i][j - 1]) + 1);
    boolean swapped =
        i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1);
    return swapped ? Math.min(least, edits[i - 2][j - 2] + 1) : least;
  }
}
