package org.passerelle.natroute.dhcp;

import java.util.List;
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
    return files.names(HOSTS).stream()
        .flatMap(vif -> DnsmasqText.host(vif, files.read(file(vif))).stream())
        .toList();
  }

  @Override
  public void add(DhcpHost host, boolean wanted) {
    files.write(file(host.vif()), DnsmasqText.of(host));
    if (wanted) {
      if (DnsmasqText.isTaken(files.read(LEASES), host)) {
        process.end();
        files.remove(LEASES);
      }
      start();
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
    files.removeEmpty(List.of(HOSTS, DhcpUsers.DIRECTORY));
  }
}
