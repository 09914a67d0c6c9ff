package org.passerelle.scripts;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.passerelle.link.os.Capability;
import org.passerelle.link.os.Namespace;
import org.passerelle.link.testing.Needs;

/**
 * What network-bridge says of a lease is done, with real clients and a real server. They are the
 * same on other kernels.
 */
@Tag("host")
@Needs({
  Capability.NET_ADMIN,
  Capability.VETH,
  Capability.BRIDGE,
  Capability.IPROUTE2,
  Capability.DNSMASQ
})
class RealLeaseTest extends KeptHost {
  private static final String ADDRESS = "192.0.2.100";
  private static final String KEEP = "generation=keep";

  /** As Debian's, but for the machine's files; and what it was told is noted. */
  private static final String SETTER =
      """
      #!/bin/sh
      case $1 in
        deconfig) ip -4 address flush dev $interface ;;
        bound|renew) ip address replace $ip/$mask dev $interface ;;
      esac
      echo "$1 $interface $ip" >>"${0%/*}/told"
      """;

  /** dhcpcd's program, which sets nothing: dhcpcd does that. */
  private static final String NOTER =
      """
      #!/bin/sh
      echo "$reason $interface $new_ip_address" >>"${0%/*}/told"
      """;

  /** It keeps files where the machine's own would; these are gone with it. */
  private static final String DHCPCD =
      "mount -t tmpfs run /run && mount -t tmpfs lib /var/lib && mkdir /run/dhcpcd && exec dhcpcd"
          + " -B -4 -p -A --nodev --nodelay -f /dev/null -c $0/noter $1";

  private final Deque<Process> processes = new ArrayDeque<>();

  @BeforeEach
  void host() throws IOException {
    program("setter", SETTER);
    program("noter", NOTER);
    Files.createDirectories(directory.resolve("root/proc"));
    run(
        outside,
        words(
            "dnsmasq --no-daemon --conf-file=/dev/null --port=0 --interface=w0"
                + " --bind-interfaces --dhcp-range=192.0.2.100,192.0.2.100,2m --no-ping"
                + " --dhcp-authoritative --pid-file= --dhcp-leasefile="
                + directory
                + "/leases"));
  }

  private void program(String name, String text) throws IOException {
    Path program = directory.resolve(name);
    Files.writeString(program, text);
    Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  @AfterEach
  void end() throws InterruptedException {
    while (!processes.isEmpty()) {
      // Not with SIGKILL, which would leave dhcpcd's other processes behind.
      ends(processes.pop());
    }
  }

  private Process run(Namespace where, List<String> words) {
    Process process =
        where.call(
            () ->
                new ProcessBuilder(words)
                    .redirectErrorStream(true)
                    .redirectOutput(
                        ProcessBuilder.Redirect.appendTo(directory.resolve("log").toFile()))
                    .start());
    processes.push(process);
    return process;
  }

  /** dhcpcd loses a signal that comes while it hears from its other processes. */
  private static void ends(Process process) throws InterruptedException {
    do {
      process.destroy();
    } while (!process.waitFor(1, TimeUnit.SECONDS));
  }

  private static List<String> words(String command) {
    return List.of(command.split(" "));
  }

  /** As the advice has it, with SIGKILL. */
  private static void end(Process process) throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  /** A udhcpc that is seen among the host's processes, once it has its lease. */
  private Process udhcpc(String device) throws Exception {
    Process client =
        run(dom0, words("udhcpc -f -R -t 20 -T 1 -i " + device + " -s " + directory + "/setter"));
    show(client);
    awaitTold("bound " + device + " " + ADDRESS);
    return client;
  }

  private void show(Process client) throws IOException {
    String number = Long.toString(client.pid());
    Files.createSymbolicLink(directory.resolve("root/proc/" + number), Path.of("/proc/" + number));
  }

  private Process dhcpcd(String device) throws Exception {
    Process client =
        run(
            dom0,
            List.of("unshare", "--mount", "--", "sh", "-c", DHCPCD, directory.toString(), device));
    show(client);
    awaitTold("BOUND " + device + " " + ADDRESS);
    return client;
  }

  /** Waits for a line of the client's program, which is taken as read then. */
  private void awaitTold(String line) throws Exception {
    Path told = directory.resolve("told");
    for (int look = 0; look < 200; look++) {
      if (Files.exists(told) && Files.readAllLines(told).contains(line)) {
        Files.delete(told);
        return;
      }
      Thread.sleep(50);
    }
    throw new AssertionError(
        "not told: " + line + "\n" + Files.readString(directory.resolve("log")));
  }

  private void renews(Process client, String device) throws Exception {
    RouterHosts.run(dom0, "kill -USR1 " + client.pid());
    awaitTold("renew " + device + " " + ADDRESS);
    assertThat(RouterHosts.ip(dom0, "-br address show dev " + device)).contains(ADDRESS + "/24");
  }

  @Test
  @Needs(Capability.DHCP_CLIENT)
  void udhcpcRenewsOnTheBridgeAndOnTheNicAgain() throws Exception {
    Process first = udhcpc("eth0");
    assertThat(said("start", KEEP)).contains("and at boot: udhcpc -b -i xenbr0");
    end(first);
    Process second = udhcpc("xenbr0");
    renews(second, "xenbr0");
    assertThat(said("stop", KEEP)).contains("and at boot: udhcpc -b -i eth0");
    end(second);
    renews(udhcpc("eth0"), "eth0");
  }

  /** It is not to be started anew there: it finds the device by its name whenever it renews. */
  @Test
  @Needs(Capability.DHCP_CLIENT)
  void udhcpcGoesOnByItselfWithADeviceOfTheSameName() throws Exception {
    Process client = udhcpc("eth0");
    assertThat(said("start")).contains("udhcpc renews it, and goes on with eth0 by itself.");
    renews(client, "eth0");
    assertThat(said("stop")).contains("udhcpc renews it, and goes on with eth0 by itself.");
    renews(client, "eth0");
  }

  @Test
  @Needs({Capability.DHCPCD, Capability.OTHER_USERS})
  void dhcpcdRenewsOnTheBridgeAndOnTheNicAgain() throws Exception {
    Process first = dhcpcd("eth0");
    assertThat(said("start", KEEP)).contains("    dhcpcd -x eth0", "    dhcpcd -q xenbr0");
    leaves(first, "eth0");
    Process second = dhcpcd("xenbr0");
    assertThat(RouterHosts.ip(dom0, "-br address show dev xenbr0")).contains(ADDRESS + "/24");
    assertThat(said("stop", KEEP)).contains("    dhcpcd -x xenbr0", "    dhcpcd -q eth0");
    ends(second);
    dhcpcd("eth0");
    assertThat(RouterHosts.ip(dom0, "-br address show dev eth0")).contains(ADDRESS + "/24");
  }

  /** As the advice has it; {@code -x} is SIGTERM. */
  private void leaves(Process client, String device) throws InterruptedException {
    ends(client);
    RouterHosts.ip(dom0, "-4 address flush dev " + device);
  }
}
