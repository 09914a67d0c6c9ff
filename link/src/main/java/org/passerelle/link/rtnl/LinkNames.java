package org.passerelle.link.rtnl;

import java.util.Optional;

/** Which device has which number. Messages carry numbers; records carry names. */
public interface LinkNames {

  /** The name of the device of this number; empty when it is gone. */
  Optional<String> name(int index);

  /**
   * The number of the device of this name.
   *
   * @throws KernelException ENODEV when there is none
   */
  int index(String name);
}
