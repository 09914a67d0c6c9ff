package org.passerelle.scripts;

import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.passerelle.bridge.BridgedNic;
import org.passerelle.bridge.DefaultDevice;
import org.passerelle.link.os.HostFiles;
import org.passerelle.link.plan.Host;
import org.passerelle.link.rtnl.Link;
import org.passerelle.link.wire.IpPrefix;

/**
 * A root file system that is reached by a NIC: were the NIC away for a moment at the wrong time,
 * nobody could load the program that puts it right.
 */
final class NetworkRoot {
  private static final String DIRECTORY = "/";
  private static final String ADDRESS = "addr=";

  /** A link-local address has its device behind it, and counts as unknown. */
  private static final Predicate<String> NUMERIC =
      Pattern.compile("[0-9A-Fa-f:.]+").asMatchPredicate();

  private final HostFiles files;

  NetworkRoot(HostFiles files) {
    this.files = files;
  }

  /** Any NIC where it is not known whose the root is, or where it is. */
  boolean isOver(BridgedNic nic, Host host) {
    if (!files.areOfThisNetwork() || !isOnNetwork()) {
      return false;
    }
    Optional<String> device = server().flatMap(address -> DefaultDevice.towards(address, host));
    return device.isEmpty()
        || device.get().equals(nic.netdev())
        || nic.devices().contains(device.get())
        || liesOn(device.get(), nic.netdev(), host);
  }

  /** A VLAN, or a VLAN of a VLAN. */
  private static boolean liesOn(String device, String nic, Host host) {
    Optional<Link> lower =
        host.link(device)
            .filter(link -> link.lower() != 0)
            .flatMap(link -> host.link(link.lower()));
    return lower
        .filter(link -> link.name().equals(nic) || liesOn(link.name(), nic, host))
        .isPresent();
  }

  private boolean isOnNetwork() {
    return mounted().anyMatch(fields -> fields.get(2).startsWith("nfs"))
        || entries("etc/fstab").anyMatch(fields -> options(fields).contains("_netdev"))
        || words().anyMatch(NetworkRoot::namesServer);
  }

  /** As the kernel (Documentation/admin-guide/nfs/nfsroot.rst) and dracut have it. */
  private static boolean namesServer(String word) {
    return word.matches("root=(/dev/nfs|nfs4?:.*)|nfsroot=.*|netroot=.+");
  }

  private Optional<InetAddress> server() {
    return mounted()
        .flatMap(fields -> options(fields).stream())
        .filter(option -> option.startsWith(ADDRESS))
        .map(option -> option.substring(ADDRESS.length()))
        .filter(NUMERIC)
        .map(IpPrefix::address)
        .findFirst();
  }

  private Stream<List<String>> mounted() {
    return entries("proc/self/mounts");
  }

  /** Those of the root directory in a table of file systems, whose fields fstab(5) describes. */
  private Stream<List<String>> entries(String table) {
    return files.lines(table).stream()
        .filter(line -> !line.startsWith("#"))
        .map(line -> List.of(line.strip().split("\\s+")))
        .filter(fields -> fields.size() >= 4 && fields.get(1).equals(DIRECTORY));
  }

  private static List<String> options(List<String> fields) {
    return List.of(fields.get(3).split(","));
  }

  private Stream<String> words() {
    return files.lines("proc/cmdline").stream().flatMap(line -> Stream.of(line.split("\\s+")));
  }
}
