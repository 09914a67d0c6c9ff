package org.passerelle.link.plan;

import java.util.List;

/** Vifs in a message: how many, and the first of them. */
public final class VifNames {
  /** A line that names hundreds would not be read. */
  private static final int NAMED = 8;

  private VifNames() {}

  /**
   * In one line.
   *
   * @param vifs what is to be said of each, by name; at least one
   */
  public static String of(List<String> vifs) {
    return vifs.size() + (vifs.size() == 1 ? " vif, " : " vifs, ") + first(vifs, NAMED);
  }

  /** The first names, so many at most, and how many more there are. */
  public static String first(List<String> names, int most) {
    int more = names.size() - most;
    return String.join(", ", names.subList(0, Math.min(most, names.size())))
        + (more > 0 ? " and " + more + " more" : "");
  }
}
