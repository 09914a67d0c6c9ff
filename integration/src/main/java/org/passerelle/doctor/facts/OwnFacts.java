package org.passerelle.doctor.facts;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What there is of Passerelle in the run directory.
 *
 * @param readable false where it is somebody else's to read
 * @param hostGuards the network scripts, with their NICs, that want every vif guarded
 * @param services what guests reach of dom0, by the network script with its NIC that says so
 * @param guards by the name of the guarded link, the device that it is
 * @param started the network scripts of route and NAT mode that run, as {@code network-nat eth0}
 * @param forwards by vif the places in our table of the ports of dom0's that lead to it, a line
 *     each
 * @param limited vifs whose guests reach named services of dom0 alone
 * @param leases whether guests are told by DHCP, from dom0
 * @param trunks NICs whose trunk process is there
 * @param agent empty when none left a note
 * @param unarchived the kinds of scripts without an archive of classes
 * @param labs directories of labs that nobody runs any more
 * @param strays what is none of ours
 */
public record OwnFacts(
    Path directory,
    boolean readable,
    List<Left> journals,
    List<String> hostGuards,
    Map<String, String> services,
    Map<String, String> guards,
    List<String> started,
    Map<String, String> forwards,
    List<String> limited,
    boolean leases,
    List<String> trunks,
    Optional<Agent> agent,
    List<String> unarchived,
    List<String> labs,
    List<String> strays) {

  /**
   * A journal.
   *
   * @param owner what wrote it; empty when it cannot be read
   * @param running whether that is still at it
   * @param here of this boot and this network
   */
  public record Left(String file, String owner, boolean running, boolean here) {}

  /**
   * The resident agent.
   *
   * @param serves its pipes are there
   * @param older than what was built since
   */
  public record Agent(long pid, boolean running, boolean serves, boolean older) {}

  /** Whether dom0 is its guests' router. */
  public boolean routes() {
    return !started.isEmpty();
  }

  /** The devices that such a script was started for. */
  public List<String> uplinks(String script) {
    return started.stream()
        .filter(user -> user.startsWith(script + " "))
        .map(OwnFacts::deviceOf)
        .toList();
  }

  static String deviceOf(String user) {
    return user.substring(user.indexOf(' ') + 1);
  }
}
