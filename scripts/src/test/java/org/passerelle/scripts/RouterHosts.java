package org.passerelle.scripts;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.passerelle.link.os.Namespace;
import org.passerelle.link.os.NetlinkKernel;
import org.passerelle.link.rtnl.LinkChange;
import org.passerelle.link.testing.TestNamespaces;
import org.passerelle.link.wire.MacAddress;
import org.passerelle.natroute.nft.NftKernel;

/**
 * A dom0 between the outside and a guest, each in a namespace of its own.
 *
 * <pre>
 *   outside w0 ------ eth0 dom0 vif7.0 ------ eth0 guest
 *   192.0.2.1         192.0.2.10
 *   2001:db8::1       2001:db8::10
 * </pre>
 */
final class RouterHosts implements AutoCloseable {
  final Namespace outside;
  final Namespace dom0;
  final Namespace guest;
  final NftKernel kernel;

  RouterHosts(TestNamespaces namespaces) {
    outside = namespaces.create();
    dom0 = namespaces.create();
    guest = namespaces.create();
    namespaces.wire(outside, "w0", dom0, "eth0");
    namespaces.wire(dom0, "vif7.0", guest, "eth0");
    namespaces.address(outside, "w0", "192.0.2.1/24");
    namespaces.address(outside, "w0", "2001:db8::1/64");
    namespaces.address(dom0, "eth0", "192.0.2.10/24");
    namespaces.address(dom0, "eth0", "2001:db8::10/64");
    kernel = dom0.call(() -> new NftKernel(NetlinkKernel.open()));
    kernel.change("vif7.0", LinkChange.builder().up(false).mac(MacAddress.VIF).build());
  }

  static String ip(Namespace where, String words) {
    return run(where, "ip " + words);
  }

  /** What a command says; it succeeds. */
  static String run(Namespace where, String words) {
    Said said = say(where, words);
    if (said.code() != 0) {
      throw new AssertionError(words + ": " + said.text());
    }
    return said.text();
  }

  /** How a command ended, and what it said. */
  record Said(int code, String text) {}

  static Said say(Namespace where, String words) {
    Process process =
        where.call(
            () -> new ProcessBuilder(List.of("sh", "-c", words)).redirectErrorStream(true).start());
    try {
      String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return new Said(process.waitFor(), text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** Whether echo requests, five a second, are answered within some seconds. */
  static boolean hears(Namespace from, String words) {
    return isAnswered(from, words, 5);
  }

  /** The same, of an address that was heard before, or that nobody could be slow to answer for. */
  static boolean hearsStill(Namespace from, String words) {
    return isAnswered(from, words, 1);
  }

  private static boolean isAnswered(Namespace from, String words, int seconds) {
    return say(from, "ping -n -c 1 -i 0.2 -w " + seconds + " " + words).code() == 0;
  }

  /** All settings of dom0's devices that can be read, and those of the host that scripts touch. */
  List<String> settings() {
    return run(dom0, "cd /proc/sys/net && grep -r -s . ipv4/conf ipv6/conf ipv4/ip_forward || true")
        .lines()
        .sorted()
        .toList();
  }

  @Override
  public void close() {
    kernel.close();
  }
}
