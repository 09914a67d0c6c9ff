package org.passerelle.lab.model;

import java.util.List;
import java.util.Optional;

/**
 * A whole lab file.
 *
 * @param networkScript what dom0 runs at its start; empty for none
 * @param vifScript what runs for each vif that names no script of its own
 */
public record Lab(
    String name,
    Optional<ScriptCall> networkScript,
    ScriptCall vifScript,
    Switching switching,
    Host host,
    List<Domain> domains,
    List<OutsideHost> outside,
    List<TcpService> services,
    List<Check> checks) {

  /** The name that the host itself goes by. */
  public static final String DOM0 = "dom0";

  /** Who bridges. */
  public enum Switching {
    AUTO,
    KERNEL
  }
}
