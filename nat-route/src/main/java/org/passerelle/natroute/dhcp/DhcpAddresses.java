package org.passerelle.natroute.dhcp;

import java.net.InetAddress;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.passerelle.link.list.Lists;
import org.passerelle.link.rtnl.DhcpHost;

/**
 * Which vifs' guests have an address, for whoever would have to read all of their lines: a file for
 * each address. Two may have one, as long as one of them is about to go. Where an earlier version
 * has left lines alone they are read, and the files made with the first change.
 *
 * @param files where they have a directory
 * @param all what the lines say
 */
record DhcpAddresses(OwnFiles files, Supplier<List<DhcpHost>> all) {
  static final String DIRECTORY = "addresses";

  /** The same before all are in it. */
  private static final String UNFINISHED = "addresses.new";

  List<String> vifs(InetAddress address) {
    return areMade()
        ? Lists.lines(files.read(file(DIRECTORY, address)))
        : Lists.map(Lists.filter(all.get(), host -> host.address().equals(address)), DhcpHost::vif);
  }

  void add(DhcpHost host) {
    make();
    write(DIRECTORY, host.address(), Lists.concat(others(host), List.of(host.vif())));
  }

  void remove(DhcpHost host) {
    make();
    write(DIRECTORY, host.address(), others(host));
  }

  private List<String> others(DhcpHost host) {
    return Lists.filter(vifs(host.address()), Predicate.not(host.vif()::equals));
  }

  private boolean areMade() {
    return Files.isDirectory(files.path(DIRECTORY));
  }

  /** At one stroke: of files that are not all there one could be missed. */
  private void make() {
    if (areMade()) {
      return;
    }
    files.names(UNFINISHED).forEach(name -> files.remove(UNFINISHED + "/" + name));
    files.makeDirectory(UNFINISHED);
    Map<InetAddress, List<String>> vifs = new HashMap<>();
    for (DhcpHost host : all.get()) {
      vifs.computeIfAbsent(host.address(), _ -> new ArrayList<>()).add(host.vif());
    }
    vifs.forEach((address, those) -> write(UNFINISHED, address, those));
    files.rename(UNFINISHED, DIRECTORY);
  }

  private void write(String directory, InetAddress address, List<String> vifs) {
    if (vifs.isEmpty()) {
      files.remove(file(directory, address));
    } else {
      files.write(file(directory, address), String.join("\n", vifs) + "\n");
    }
  }

  private static String file(String directory, InetAddress address) {
    return directory + "/" + address.getHostAddress();
  }
}
