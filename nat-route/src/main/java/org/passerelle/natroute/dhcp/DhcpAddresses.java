package org.passerelle.natroute.dhcp;

import java.net.InetAddress;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.passerelle.link.rtnl.DhcpHost;

/**
 * Which vifs' guests have an address, for whoever would have to read all of their lines: a file for
 * each address. Two may have one, as long as one of them is about to go.
 *
 * @param files where they have a directory
 */
record DhcpAddresses(OwnFiles files) {
  static final String DIRECTORY = "addresses";

  List<String> vifs(InetAddress address) {
    return files.read(file(address)).lines().toList();
  }

  void add(DhcpHost host) {
    write(host, Stream.concat(others(host), Stream.of(host.vif())));
  }

  void remove(DhcpHost host) {
    write(host, others(host));
  }

  private Stream<String> others(DhcpHost host) {
    return vifs(host.address()).stream().filter(Predicate.not(host.vif()::equals));
  }

  private void write(DhcpHost host, Stream<String> vifs) {
    String text = vifs.map(vif -> vif + "\n").collect(Collectors.joining());
    if (text.isEmpty()) {
      files.remove(file(host.address()));
    } else {
      files.write(file(host.address()), text);
    }
  }

  private static String file(InetAddress address) {
    return DIRECTORY + "/" + address.getHostAddress();
  }
}
