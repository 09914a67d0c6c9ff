package org.passerelle.scripts;

import java.util.ArrayList;
import java.util.List;

/**
 * What leads ifupdown's DHCP client from one device to another.
 *
 * @param keeper with which client
 */
record Ifup(LeaseKeeper keeper, String from, String to) {

  /** The commands after what they are good for. */
  List<String> lines() {
    List<String> lines = new ArrayList<>();
    lines.add(
        switch (keeper) {
          case IFUPDOWN_UDHCPC -> "Then; udhcpc takes all of IPv4 off the device before it asks:";
          case IFUPDOWN_DHCPCD ->
              "Then, before the lease is over, for it gives the address back to " + from + ":";
          default -> "Then, so that it goes on with the lease that it has:";
        });
    lines.addAll(commands());
    return lines;
  }

  /** To be said to a shell. {@code --force}, for ifupdown believes that what was up is so still. */
  List<String> commands() {
    List<String> commands = new ArrayList<>();
    commands.addAll(
        switch (keeper) {
          // With -R it would give the lease back at any other signal.
          case IFUPDOWN_UDHCPC -> List.of("    kill -KILL $(cat /run/udhcpc." + from + ".pid)");
          case IFUPDOWN_DHCPCD -> dhcpcd();
          default -> dhclient();
        });
    commands.add("    ifup --force " + to);
    return commands;
  }

  /** It has given the address to its device again, or will have. */
  private List<String> dhcpcd() {
    return List.of("    dhcpcd -x " + from, "    ip -4 addr flush dev " + from);
  }

  /**
   * The file of leases has the name by which the server knows dom0, too: with a new one dom0 might
   * get another address.
   */
  private List<String> dhclient() {
    String end = "    kill $(cat /run/dhclient." + from + ".pid)";
    return to.equals(from)
        ? List.of(end)
        : List.of(end, "    sed s/" + from + "/" + to + "/ " + leases(from) + " >" + leases(to));
  }

  private static String leases(String device) {
    return "/var/lib/dhcp/dhclient." + device + ".leases";
  }
}
