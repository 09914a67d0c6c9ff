package org.passerelle.link.port;

/**
 * How often a frame meets a fault, each from 0 (never) to 1 (always).
 *
 * @param drop the frame is lost
 * @param duplicate it is sent twice
 * @param reorder it is held back until the next one has been sent
 * @param corrupt one bit of it is turned over
 */
public record Faults(double drop, double duplicate, double reorder, double corrupt) {
  public Faults {
    check("drop", drop);
    check("duplicate", duplicate);
    check("reorder", reorder);
    check("corrupt", corrupt);
  }

  private static void check(String name, double probability) {
    if (!(probability >= 0 && probability <= 1)) {
      throw new IllegalArgumentException(name + "=" + probability + " is outside 0..1");
    }
  }
}
