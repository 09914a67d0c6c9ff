package org.passerelle.scripts;

import java.util.ArrayList;
import java.util.List;

/** What leads ifupdown's dhclient from one device to another. */
final class Ifup {
  private Ifup() {}

  /**
   * To be said to a shell. The file of leases has the name by which the server knows dom0, too:
   * with a new one dom0 might get another address. {@code --force}, for ifupdown believes that what
   * has been up is so still.
   */
  static List<String> commands(String from, String to) {
    List<String> commands = new ArrayList<>();
    commands.add("    kill $(cat /run/dhclient." + from + ".pid)");
    if (!to.equals(from)) {
      commands.add("    sed s/" + from + "/" + to + "/ " + leases(from) + " >" + leases(to));
    }
    commands.add("    ifup --force " + to);
    return commands;
  }

  private static String leases(String device) {
    return "/var/lib/dhcp/dhclient." + device + ".leases";
  }
}
