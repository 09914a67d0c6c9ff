package org.passerelle.lab.model;

import java.util.Arrays;
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

  /** The same lab with this switching. */
  public Lab withSwitching(Switching other) {
    return new Lab(name, networkScript, vifScript, other, host, domains, outside, services, checks);
  }

  /** Who bridges. */
  public enum Switching {
    /** The kernel where it can, else we. */
    AUTO("auto"),
    KERNEL("kernel"),
    USERSPACE("userspace");

    private final String word;

    Switching(String word) {
      this.word = word;
    }

    /** Throws IllegalArgumentException with what would be right. */
    public static Switching of(String word) {
      return Arrays.stream(values())
          .filter(each -> each.word.equals(word))
          .findFirst()
          .orElseThrow(
              () ->
                  new IllegalArgumentException(
                      word + ": no such switching; kernel, userspace or auto"));
    }

    /** As the lab file has it. */
    @Override
    public String toString() {
      return word;
    }
  }
}
