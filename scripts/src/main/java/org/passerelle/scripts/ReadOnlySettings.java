package org.passerelle.scripts;

import java.util.function.Consumer;
import org.passerelle.link.rtnl.Kernel;
import org.passerelle.link.rtnl.KernelDecorator;
import org.passerelle.link.rtnl.KernelException;
import org.passerelle.link.rtnl.Refusal;

/**
 * A kernel whose settings may be out of reach: in a container, or on a hardened host, /proc/sys is
 * mounted read-only. What cannot be set stays as it is, which is told; the network is made all the
 * same, for whoever keeps such a host sets them elsewhere.
 */
final class ReadOnlySettings extends KernelDecorator {
  private final Consumer<String> told;

  ReadOnlySettings(Kernel kernel, Consumer<String> told) {
    super(kernel);
    this.told = told;
  }

  @Override
  public void sysctl(String key, String value) {
    try {
      super.sysctl(key, value);
    } catch (KernelException e) {
      if (!Refusal.EROFS.is(e)) {
        throw e;
      }
      told.accept(
          "/proc/sys is read-only: "
              + key
              + " stays "
              + sysctl(key).orElse("as it is")
              + "; where it can be written, run: sysctl -w "
              + key
              + "="
              + value);
    }
  }
}
