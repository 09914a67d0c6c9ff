package org.passerelle.natroute.dhcp;

import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import org.passerelle.link.list.Lists;
import org.passerelle.link.os.Programs;
import org.passerelle.link.rtnl.DhcpHost;
import org.passerelle.link.rtnl.KernelException;
import org.passerelle.link.rtnl.Refusal;

/** A dnsmasq of our own, and the directory from which it lives. */
final class Dnsmasq implements DhcpServer {
  private static final String HOSTS = "hosts";
  static final String CONFIGURATION = "conf";
  private static final String LEASES = "leases";

  private final OwnFiles files;
  private final Resolver resolver;
  private final DnsmasqProcess process;

  Dnsmasq(OwnFiles files, Resolver resolver, DnsmasqProcess process) {
    this.files = files;
    this.resolver = resolver;
    this.process = process;
  }

  /** Whether one was started, and nobody has stopped it since; it may have been killed. */
  static boolean isKept(OwnFiles files) {
    return !files.read(CONFIGURATION).isEmpty();
  }

  private static String file(String vif) {
    return HOSTS + "/" + vif;
  }

  @Override
  public List<DhcpHost> hosts() {
    return Lists.mapPresent(files.names(HOSTS), this::host);
  }

  @Override
  public Optional<DhcpHost> host(String vif) {
    return DhcpHost.isDevice(vif) ? DnsmasqText.host(vif, files.read(file(vif))) : Optional.empty();
  }

  @Override
  public List<DhcpHost> hosts(InetAddress address) {
    return Lists.filter(
        Lists.mapPresent(addresses().vifs(address), this::host),
        host -> host.address().equals(address));
  }

  private DhcpAddresses addresses() {
    return new DhcpAddresses(files, this::hosts);
  }

  @Override
  public void add(DhcpHost host, boolean wanted) {
    addresses().add(host);
    files.write(file(host.vif()), DnsmasqText.of(host));
    if (wanted) {
      if (DnsmasqText.isTaken(files.read(LEASES), host)) {
        process.end();
        files.remove(LEASES);
      }
      if (!hears(host)) {
        start();
      }
    }
  }

  /**
   * What it has read it forgets when it is told to read all again. One that was killed stays so: a
   * vif that goes needs no server.
   */
  @Override
  public void remove(DhcpHost host, boolean wanted) {
    DnsmasqRights.check("have dnsmasq forget " + host.vif());
    files.remove(file(host.vif()));
    addresses().remove(host);
    process.reread();
    if (!wanted) {
      removeEmpty();
    }
  }

  @Override
  public String words() {
    return process
        .number()
        .map(number -> "a dnsmasq of our own, process " + number)
        .orElse("a dnsmasq of our own, which is gone; start it again");
  }

  @Override
  public boolean isRunning() {
    if (Programs.find("dnsmasq").isEmpty()) {
      throw new KernelException(
          "find dnsmasq",
          Refusal.EOPNOTSUPP.number(),
          Refusal.EOPNOTSUPP.toString(),
          "dhcp=yes needs it: apt-get install dnsmasq-base");
    }
    DnsmasqRights.check("start dnsmasq");
    return process.isAlive();
  }

  /** Whether it reads of this one by itself, so that no other guest's line is looked at. */
  private boolean hears(DhcpHost host) {
    return DnsmasqText.hearsAsVif(host.device(), files.read(CONFIGURATION), resolver)
        && process.isAlive();
  }

  private boolean isAsConfigured() {
    return process.isAlive() && files.read(CONFIGURATION).equals(configuration());
  }

  private String configuration() {
    return DnsmasqText.configuration(hosts(), resolver);
  }

  /** It reads its configuration when it starts, and never again. */
  @Override
  public void start() {
    if (!isAsConfigured()) {
      process.end();
      files.makeDirectory(HOSTS);
      files.write(CONFIGURATION, configuration());
      process.begin();
    }
  }

  @Override
  public void stop() {
    process.end();
    List.of(CONFIGURATION, LEASES, DnsmasqProcess.NUMBER).forEach(files::remove);
    removeEmpty();
  }

  /** Guests may outlive the server; the last one takes the directory along. */
  private void removeEmpty() {
    files.removeEmpty(List.of(HOSTS, DhcpAddresses.DIRECTORY, DhcpUsers.DIRECTORY));
  }
}
