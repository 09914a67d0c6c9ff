package org.passerelle.natroute.dhcp;

import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import org.passerelle.link.os.HomeNamespace;
import org.passerelle.link.os.HostFiles;
import org.passerelle.link.os.ScriptLock;
import org.passerelle.link.rtnl.DhcpHost;
import org.passerelle.link.rtnl.Kernel;
import org.passerelle.link.rtnl.KernelDecorator;
import org.passerelle.natroute.nft.NftKernel;

/** A kernel with the DHCP server of its host. */
public final class DhcpKernel extends KernelDecorator {
  /** Where its files are in the run directory. */
  public static final String DIRECTORY = "dhcp";

  private final HomeNamespace home;
  private final HostFiles files;
  private final Path runDirectory;
  private final Consumer<String> warnings;

  /**
   * @param warnings takes what goes wrong and is no reason to undo anything
   */
  public DhcpKernel(NftKernel kernel, Path runDirectory, Consumer<String> warnings) {
    this(kernel, kernel.home(), HostFiles.REAL, runDirectory, warnings);
  }

  /**
   * @param home where the server is to hear
   * @param files where another server's configuration may be
   */
  DhcpKernel(
      Kernel kernel,
      HomeNamespace home,
      HostFiles files,
      Path runDirectory,
      Consumer<String> warnings) {
    super(kernel);
    this.home = home;
    this.files = files;
    this.runDirectory = runDirectory;
    this.warnings = warnings;
  }

  /** Ends the server of a run directory that nobody uses any more, and who wanted it. */
  public static void end(Path runDirectory) {
    OwnFiles own = new OwnFiles(runDirectory.resolve(DIRECTORY));
    if (Files.isDirectory(own.directory())) {
      new Dnsmasq(own, new Resolver(List.of()), DnsmasqProcess.anywhere(own)).stop();
    }
  }

  private <T> T ask(Function<DhcpServer, T> question) {
    return home.call(() -> question.apply(server()));
  }

  /** One at a time. */
  private void act(Consumer<DhcpServer> action) {
    home.call(
        () -> {
          try (ScriptLock _ = ScriptLock.take(runDirectory.resolve("dhcp.lock"))) {
            action.accept(server());
          }
          return null;
        });
  }

  /**
   * The host's files are about its own network: a namespace beside it has nothing of them. A
   * dnsmasq of ours that was started is the server until it is stopped, whatever is installed
   * meanwhile.
   */
  private DhcpServer server() {
    OwnFiles own = ownFiles();
    boolean hosts = files.areOfThisNetwork();
    Optional<IscDhcpd> configured =
        hosts && !Dnsmasq.isKept(own) ? IscDhcpd.of(files, warnings) : Optional.empty();
    return configured
        .<DhcpServer>map(dhcpd -> dhcpd)
        .orElseGet(
            () ->
                new Dnsmasq(
                    own,
                    new Resolver(hosts ? files.lines(Resolver.FILE) : List.of()),
                    DnsmasqProcess.here(own)));
  }

  private DhcpUsers users() {
    return new DhcpUsers(ownFiles());
  }

  private OwnFiles ownFiles() {
    return new OwnFiles(runDirectory.resolve(DIRECTORY));
  }

  private boolean isWanted() {
    return !users().all().isEmpty();
  }

  @Override
  public Optional<DhcpHost> dhcpHost(String vif) {
    return ask(server -> server.host(vif));
  }

  @Override
  public List<DhcpHost> dhcpHosts(InetAddress address) {
    return ask(server -> server.hosts(address));
  }

  @Override
  public void add(DhcpHost host) {
    act(server -> server.add(host, isWanted()));
  }

  @Override
  public void remove(DhcpHost host) {
    act(server -> server.remove(host, isWanted()));
  }

  @Override
  public List<String> dhcpUsers() {
    return users().all();
  }

  @Override
  public String dhcpServer() {
    return ask(DhcpServer::words);
  }

  @Override
  public boolean isDhcpRunning() {
    return ask(DhcpServer::isRunning);
  }

  @Override
  public void startDhcp(String user) {
    act(
        server -> {
          users().add(user);
          server.start();
        });
  }

  @Override
  public void stopDhcp(String user) {
    act(
        server -> {
          users().remove(user);
          if (!isWanted()) {
            server.stop();
          }
        });
  }
}
