package org.passerelle.link.rtnl;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.regex.Pattern;
import org.passerelle.link.wire.MacAddress;

/**
 * What a DHCP server is to tell a guest. Its words go into files that a server reads, so that
 * nothing is held to be one which could mean more there than itself.
 *
 * @param vif the device as netback made it: whose entry it is
 * @param device its name now, by which alone the guest is heard
 * @param router dom0's address there
 * @param name the guest's own
 */
public record DhcpHost(
    String vif,
    String device,
    MacAddress mac,
    InetAddress address,
    InetAddress router,
    String name) {
  private static final Pattern DEVICE = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,14}");
  private static final Pattern NAME =
      Pattern.compile("[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?");

  /** What dnsmasq takes for the length of a lease, or for the wish to be left alone. */
  private static final Pattern LEASE =
      Pattern.compile("\\d+[smhdw]?|infinite|ignore", Pattern.CASE_INSENSITIVE);

  public DhcpHost {
    require(isDevice(vif), vif, "a vif");
    require(isDevice(device), device, "a device");
    require(address instanceof Inet4Address, address, "an IPv4 address");
    require(router instanceof Inet4Address, router, "an IPv4 address");
    require(isName(name), name, "a host's name");
  }

  private static void require(boolean right, Object what, String kind) {
    if (!right) {
      throw new IllegalArgumentException(
          what.toString().replaceAll("[^ -~]", "?") + " cannot be " + kind + " to a DHCP server");
    }
  }

  /** In dnsmasq's words, {@code dhcp-host}: it tags what it hears with the name of the device. */
  public String words() {
    return mac + ",tag:" + device + "," + address.getHostAddress() + "," + name;
  }

  /** Whether a server can be told of a device called so. */
  public static boolean isDevice(String text) {
    return DEVICE.matcher(text).matches();
  }

  /** One label of a host's name (RFC 1123) that means nothing else to a server. */
  public static boolean isName(String text) {
    return NAME.matcher(text).matches() && !LEASE.matcher(text).matches();
  }

  static KernelException noServer() {
    return new KernelException(
        "tell a DHCP server",
        Refusal.EOPNOTSUPP.number(),
        Refusal.EOPNOTSUPP.toString(),
        "nothing here speaks to one");
  }
}
