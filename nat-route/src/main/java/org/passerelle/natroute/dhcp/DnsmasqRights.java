package org.passerelle.natroute.dhcp;

import java.util.List;
import org.passerelle.link.list.Lists;
import org.passerelle.link.os.HostFiles;
import org.passerelle.link.rtnl.KernelException;
import org.passerelle.link.rtnl.Refusal;

/**
 * What whoever has a dnsmasq of ours needs beside the rights of other scripts. Without them it
 * would not even be seen, and one that runs be taken for one that was killed.
 */
final class DnsmasqRights {
  /** A capability, and its bit (linux/capability.h). */
  private enum Right {
    // It has a mount namespace of its own, which is looked into, and gives up root.
    CAP_SYS_ADMIN(21),
    CAP_SYS_PTRACE(19),
    CAP_SETUID(7),
    CAP_SETGID(6),
    // It is told to read again, and hears on port 67.
    CAP_KILL(5),
    CAP_NET_BIND_SERVICE(10);

    private final int bit;

    Right(int bit) {
      this.bit = bit;
    }
  }

  private static final String EFFECTIVE = "CapEff:";
  private static final int HEXADECIMAL = 16;

  private DnsmasqRights() {}

  /** Refuses where the process lacks any. */
  static void check(String operation) {
    String missing = missing(HostFiles.REAL.lines("proc/self/status"));
    if (!missing.isEmpty()) {
      throw new KernelException(
          operation,
          Refusal.EPERM.number(),
          Refusal.EPERM.toString(),
          "this process lacks "
              + missing
              + "; for the agent put scripts/passerelle-agent-dhcp.conf into"
              + " /etc/systemd/system/passerelle-agent.service.d, then: systemctl daemon-reload &&"
              + " systemctl restart passerelle-agent");
    }
  }

  /** The names of those that are not in a process's status; empty when all are. */
  static String missing(List<String> status) {
    long effective =
        Lists.first(status, line -> line.startsWith(EFFECTIVE))
            .map(line -> line.substring(EFFECTIVE.length()).strip())
            .map(bits -> Long.parseUnsignedLong(bits, HEXADECIMAL))
            .orElse(0L);
    List<Right> missing =
        Lists.filter(List.of(Right.values()), right -> (effective >>> right.bit & 1) == 0);
    return String.join(" ", Lists.map(missing, Right::name));
  }
}
