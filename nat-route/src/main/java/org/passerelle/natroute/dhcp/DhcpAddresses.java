package org.passerelle.natroute.dhcp;

import java.net.InetAddress;
import java.nio.file.Files;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
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
        ? files.read(file(DIRECTORY, address)).lines().toList()
        : all.get().stream()
            .filter(host -> host.address().equals(address))
            .map(DhcpHost::vif)
            .toList();
  }

  void add(DhcpHost host) {
    make();
    write(DIRECTORY, host.address(), Stream.concat(others(host), Stream.of(host.vif())));
  }

  void remove(DhcpHost host) {
    make();
    write(DIRECTORY, host.address(), others(host));
  }

  private Stream<String> others(DhcpHost host) {
    return vifs(host.address()).stream().filter(Predicate.not(host.vif()::equals));
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
    all.get().stream()
        .collect(Collectors.groupingBy(DhcpHost::address))
        .forEach((address, hosts) -> write(UNFINISHED, address, hosts.stream().map(DhcpHost::vif)));
    files.rename(UNFINISHED, DIRECTORY);
  }

  private void write(String directory, InetAddress address, Stream<String> vifs) {
    String text = vifs.map(vif -> vif + "\n").collect(Collectors.joining());
    if (text.isEmpty()) {
      files.remove(file(directory, address));
    } else {
      files.write(file(directory, address), text);
    }
  }

  private static String file(String directory, InetAddress address) {
    return directory + "/" + address.getHostAddress();
  }
}
