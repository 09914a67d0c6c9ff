package org.passerelle.doctor.facts;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What there is of Xen and its toolstack.
 *
 * @param hypervisor its kind; empty when there is none
 * @param dom0 whether this domain controls the others
 * @param missingDevices of /dev/xen
 * @param storeFailure why XenStore cannot be reached; empty when it can
 * @param scriptDirectory the toolstack's
 * @param scripts our scripts' names in it
 * @param ours where our own are
 * @param vifScript xl.conf's default for vifs
 * @param runsScripts whether xl runs scripts at all
 */
public record XenFacts(
    String hypervisor,
    boolean dom0,
    List<String> missingDevices,
    Optional<String> storeFailure,
    Path scriptDirectory,
    List<Script> scripts,
    Path ours,
    Optional<String> vifScript,
    boolean runsScripts) {

  /** A script that a toolstack finds under a name. */
  public record Script(String name, State state) {}

  /** Whose it is. */
  public enum State {
    ABSENT,
    /** It leads to ours. */
    OURS,
    /** It has our text, and finds nothing of the rest of ours from where it is. */
    COPY,
    OTHERS
  }

  public State state(String name) {
    return scripts.stream()
        .filter(script -> script.name().equals(name))
        .map(Script::state)
        .findFirst()
        .orElse(State.ABSENT);
  }
}
