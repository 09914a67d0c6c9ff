package org.passerelle.link.testing;

import org.passerelle.link.rtnl.Kernel;
import org.passerelle.link.rtnl.KernelDecorator;

/**
 * A kernel whose caller is killed at a change: an Error, which no code of ours catches, so nothing
 * in the process gets to tidy up.
 */
public final class KilledKernel extends KernelDecorator {
  private int changesLeft;
  private final boolean afterwards;

  /** The end of the process. */
  public static final class Killed extends Error {
    private static final long serialVersionUID = 1L;
  }

  /**
   * @param afterwards whether the last change still happens
   */
  public KilledKernel(Kernel kernel, int changes, boolean afterwards) {
    super(kernel);
    this.changesLeft = changes;
    this.afterwards = afterwards;
  }

  @Override
  protected void change(Runnable change) {
    if (changesLeft-- > 0) {
      change.run();
      return;
    }
    if (afterwards) {
      change.run();
    }
    throw new Killed();
  }
}
