package org.passerelle.lab.switching;

import org.passerelle.link.rtnl.KernelException;
import org.passerelle.link.rtnl.Refusal;

/** What is refused here, in the kernel's way. */
final class Refusals {
  private Refusals() {}

  static KernelException of(String operation, Refusal errno, String text) {
    return new KernelException(operation, errno.number(), errno.toString(), text);
  }
}
